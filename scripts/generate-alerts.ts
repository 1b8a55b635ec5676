/** docs/reference/alerts.md: the rules that raise alerts, and what they suggest. */
import { fixCodes } from '../server/src/controllers/alerts/fixes.ts';
import type { AnyRule } from '../server/src/controllers/alerts/rule.ts';
import { rules } from '../server/src/controllers/alerts/rules/index.ts';
import { keepCurrent } from './generated-file.ts';

const time = (seconds: number): string =>
  seconds === 0 ? '0' : seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;

const cell = (text: string): string => text.replaceAll('|', '\\|');

const row = ({ number, name, severity, forSeconds, keepSeconds, condition, message, role }: AnyRule): string =>
  `| ${[
    String(number),
    name,
    severity,
    time(forSeconds),
    time(keepSeconds),
    cell(condition),
    cell(message.en),
    cell(message.ko),
    role ?? '',
  ].join(' | ')} |`;

const words = rules.flatMap(({ name, words: known = {} }) =>
  Object.entries(known).flatMap(([param, codes]) =>
    Object.entries(codes).map(([code, { en, ko }]) => `| ${name} | ${param} | \`${code}\` | ${en} | ${ko} |`),
  ),
);

const fixes = Object.entries(fixCodes).map(([code, meaning]) => `| \`${code}\` | ${meaning} |`);

await keepCurrent(
  'docs/reference/alerts.md',
  `# Alerts

Made by \`npm run generated\` from \`server/src/controllers/alerts/rules\`.

An alert is an object of \`naru.dev/v1\`: \`kubectl get alerts -A\` shows those of every project, worst first; what belongs to the whole cluster stands in \`kube-system\`. \`spec\` says what is wrong, as a rule and the parameters of its sentence, so that every reader can have it in their own language; \`status.message\` is that sentence in English. Instances of one app are one alert.

- A condition fires when it has lasted for the rule's *for*, and is resolved when it has been gone for its *keep*; for some rules also as soon as the instances that showed it are gone and the app is well. What comes back within 15 minutes is the same alert; after 4 times it is kept open for 15 minutes. Resolved alerts are kept for 30 days, at most 500 in a project.
- A *consequence* has no alert of its own while a *cause* of the same app is known, nor while the machine of all its instances does not answer: it stands in \`status.consequences\` of that alert.
- After somebody changed an app, its availability is left alone until the change has settled, for at least 60 s and at most the app's \`progressDeadlineSeconds\`. What is stopped, scaled to 0 or removed raises nothing.
- \`status.evidence\` holds the last lines and events from when it fired, \`status.fixes\` what may help.

## What people do with them

\`\`\`sh
# Take it on: nobody is reminded of it any more.
kubectl patch alert NAME --subresource=status --type=merge -p '{"status":{"acknowledged":{"by":"mina"}}}'
# Be told nothing of it for a while. It stays visible.
kubectl patch alert NAME --subresource=status --type=merge -p '{"status":{"silencedUntil":"2026-01-01T18:00:00Z"}}'
\`\`\`

## Who is told

\`\`\`yaml
apiVersion: naru.dev/v1
kind: NotificationChannel
metadata: {name: team}
spec:
  urlFrom: {name: team-webhook, key: url} # an entry of a Secret in kube-system; or url: https://…
  form: slack # or discord, or generic: JSON with all fields; if it is not said, the address tells
  minimumSeverity: warning # or critical; info is told to nobody outside
  namespaces: [shop] # none means all
  language: en # or ko
\`\`\`

A channel is told 10 s after an alert fired, together with whatever else then fires for the same app; of more of the same app at the earliest 5 minutes later; again after 4 hours (critical: every hour) until somebody acknowledges it; and once when it is over. What was told stands in \`status.notified\` of the alert, so that a restart tells nothing twice. A message is tried 5 times, over a minute and a half; then it is given up, which is alert 42. Link-local addresses, where cloud machines give away secrets, are not called, whatever name leads there; redirects are not followed. A test message is sent when the annotation \`naru.dev/test-requested-at\` gets a new value; \`status.test\` says how it went.

## Rules

| # | rule | severity | for | keep | condition | sentence | Korean | role |
| --- | --- | --- | --- | --- | --- | --- | --- | --- |
${rules.map(row).join('\n')}

## Words

What the codes among the parameters mean.

| rule | parameter | code | English | Korean |
| --- | --- | --- | --- | --- |
${words.join('\n')}

## What may help

Codes of \`status.fixes\`, with the parameters that they come with.

| code | what is done |
| --- | --- |
${fixes.join('\n')}
`,
);

/** docs/reference/not-acted-on.md: the fields of which the API warns that nothing acts on them. */
import { podFieldsNotActedOn } from '../server/src/kinds/core/pod/not-acted-on.ts';
import { kinds } from '../server/src/kinds/index.ts';
import { keepCurrent } from './generated-file.ts';

const rows = podFieldsNotActedOn.map(({ path, value, unless, effect }) => {
  const only = value === undefined ? '' : `: ${String(value)}`;
  const shown = `\`${path}${only}\`${unless ? `, unless \`${unless.field}: ${String(unless.value)}\`` : ''}`;
  return `| ${shown} | ${effect} |`;
});

const kindRows = kinds.flatMap(({ plural, group, notActedOn }) =>
  notActedOn ? [`| \`${group ? `${plural}.${group}` : plural}\` | ${notActedOn} |`] : [],
);

await keepCurrent(
  'docs/reference/not-acted-on.md',
  `# Fields that are kept and not acted on

Made by \`npm run generated\` from \`server/src/kinds/core/pod/not-acted-on.ts\`. Whoever writes one of these fields is warned in the answer, which kubectl shows as \`Warning: …: not acted on: …\`. Paths are those below a pod's \`spec\`, also inside the templates of other kinds.

| field | what comes of it |
| --- | --- |
${rows.join('\n')}

# Kinds that are kept and not acted on

Whoever writes an object of these kinds is warned the same way. An Ingress is served by the controller that its class names, as upstream; its writer is warned while the cluster has no IngressClass.

| kind | what comes of it |
| --- | --- |
${kindRows.join('\n')}
`,
);

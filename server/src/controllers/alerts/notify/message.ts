/** What is sent: one message about the alerts of one app, in the form that the receiver reads. */
import type { Alert } from '../alert.ts';
import { ruleNamed } from '../rules/index.ts';
import { sentence } from '../sentence.ts';
import type { Form } from './channel.ts';

export interface Message {
  readonly status: 'firing' | 'resolved' | 'test';
  readonly alerts: readonly Alert[];
}

const marks = { critical: '🔴', warning: '🟠', info: '🔵' } as const;
const resolvedMark = '✅';
const resolvedWord = { en: 'Resolved', ko: '해결됨' } as const;
const testText = {
  en: 'Naru: this is a test message. Alerts will arrive here.',
  ko: 'Naru: 시험 메시지입니다. 경고가 이곳으로 전달됩니다.',
} as const;
/** Discord's limit is 2000 characters. */
const longestText = 1900;

/** The sentence of one alert. */
export function sentenceOf({ spec }: Alert, language: 'en' | 'ko'): string {
  const rule = ruleNamed(spec.rule, spec.severity);
  return rule ? sentence(rule, spec.params ?? {}, language) : `${spec.rule}: ${spec.subject.name}`;
}

export function bodyOf(message: Message, form: Form, language: 'en' | 'ko'): object {
  switch (form) {
    case 'slack':
      // Slack reads these three as markup.
      return { text: textOf(message, language).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;') };
    case 'discord':
      return { content: textOf(message, language), allowed_mentions: { parse: [] } };
    case 'generic':
      return genericOf(message, language);
  }
}

function textOf({ status, alerts }: Message, language: 'en' | 'ko'): string {
  if (status === 'test') return testText[language];
  const lines = alerts.map((alert) => {
    const { spec, metadata } = alert;
    const mark = status === 'resolved' ? `${resolvedMark} ${resolvedWord[language]}:` : marks[spec.severity];
    return `${mark} ${sentenceOf(alert, language)} (${metadata.namespace}, ${spec.rule})`;
  });
  return lines.join('\n').slice(0, longestText);
}

const genericOf = ({ status, alerts }: Message, language: 'en' | 'ko'): object => ({
  version: '1',
  status,
  ...(status === 'test' && { text: testText[language] }),
  alerts: alerts.map((alert) => {
    const { metadata, spec, status = {} } = alert;
    return {
      name: metadata.name,
      namespace: metadata.namespace,
      rule: spec.rule,
      severity: spec.severity,
      subject: spec.subject,
      params: spec.params ?? {},
      text: sentenceOf(alert, language),
      instances: status.instances ?? [],
      fixes: status.fixes ?? [],
      startedAt: status.startedAt,
      firedAt: status.firedAt,
      ...(status.resolvedAt && { resolvedAt: status.resolvedAt }),
    };
  }),
});

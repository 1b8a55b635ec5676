/** An alert in words: its sentence, and the names of its rule. Texts come from the rule and its parameters. */
import type { Language } from '../i18n/language';
import type { MessageKey } from '../i18n/message';
import type { Alert, AlertLink } from './alert';

export function alertText(alert: Alert, language: Language): string {
  const { rule, params = {}, subject } = alert.spec;
  const key = `alert.${rule}`;
  // A rule newer than this page is shown by its name.
  if (!language.has(key)) return `${rule}: ${subject?.name ?? ''}`;
  return language.say(key, { app: subject?.name ?? '', ...params });
}

export function ruleName(rule: string, language: Language): string {
  const key = `rule.${rule}`;
  return language.has(key) ? language.say(key as MessageKey) : rule;
}

export function adviceOf(rule: string, language: Language): string | undefined {
  const key = `advice.${rule}`;
  return language.has(key) ? language.say(key as MessageKey) : undefined;
}

export function linkText({ rule, subject }: AlertLink, language: Language): string {
  return [subject?.name, ruleName(rule, language)].filter((part) => part).join(': ');
}

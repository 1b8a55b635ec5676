/** What makes two findings one alert: the rule, and what it is about. */
import { createHash } from 'node:crypto';
import { ruleId, type AnyRule } from './rule.ts';

export interface Subject {
  readonly kind: string;
  readonly name: string;
  readonly container?: string;
}

export function fingerprintOf(rule: Pick<AnyRule, 'name' | 'variant'>, namespace: string, subject: Subject): string {
  const { kind, name, container = '' } = subject;
  const identity = JSON.stringify([ruleId(rule), namespace, kind, name, container]);
  return createHash('sha256').update(identity).digest('hex').slice(0, 16);
}

const longestName = 200;

/** `crash-looping-web-1f3a9c0d-l8x2k1a`: readable, and different for every time that it begins anew. */
export function alertName(rule: string, { name }: Subject, fingerprint: string, firedAt: number): string {
  const words = rule.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  const readable = `${words}-${name}`
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '-')
    .slice(0, longestName);
  return `${readable}-${fingerprint.slice(0, 8)}-${Math.trunc(firedAt / 1000).toString(36)}`;
}

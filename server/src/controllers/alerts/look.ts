/** Asks the rules about one thing: what they find, by fingerprint. Pure. */
import { fingerprintOf, type Subject } from './fingerprint.ts';
import { ruleId, type AnyRule, type Finding, type Rule } from './rule.ts';

export interface Looked {
  readonly fingerprint: string;
  readonly rule: AnyRule;
  readonly namespace: string;
  readonly subject: Subject;
  readonly finding: Finding;
}

export interface Look {
  readonly found: readonly Looked[];
  /** Rules that could not say anything. */
  readonly unknown: ReadonlySet<string>;
}

export const nothingThere: Look = { found: [], unknown: new Set() };

export function lookAt<View>(
  view: View,
  rules: readonly Rule<View>[],
  { namespace, kind, name }: { namespace: string; kind: string; name: string },
  now: number,
): Look {
  const found: Looked[] = [];
  const unknown = new Set<string>();
  for (const rule of rules) {
    const findings = rule.find(view, now);
    if (findings === 'unknown') {
      unknown.add(ruleId(rule));
      continue;
    }
    for (const finding of findings) {
      const subject = { kind, name, ...(finding.container && { container: finding.container }) };
      found.push({ fingerprint: fingerprintOf(rule, namespace, subject), rule, namespace, subject, finding });
    }
  }
  return { found, unknown };
}

/** What both looks found. */
export const both = (a: Look, b: Look): Look => ({
  found: [...a.found, ...b.found],
  unknown: new Set([...a.unknown, ...b.unknown]),
});

/** What is found elsewhere than by looking at the cluster, and becomes an alert all the same. */
import { fingerprintOf, type Subject } from './fingerprint.ts';
import type { Look } from './look.ts';
import type { AnyRule, Finding } from './rule.ts';
import { reportKey, type Key } from './subjects.ts';

interface Report {
  readonly rule: AnyRule;
  readonly namespace: string;
  readonly subject: Subject;
  readonly finding: Finding;
}

export class Reports {
  readonly #reports = new Map<Key, Report>();
  #changed: (key: Key) => void = () => {};

  listen(changed: (key: Key) => void): void {
    this.#changed = changed;
    for (const key of this.#reports.keys()) changed(key);
  }

  /** `finding` undefined: it is over. */
  tell(rule: AnyRule, namespace: string, subject: Subject, finding: Finding | undefined): void {
    const key = reportKey(namespace, subject.name);
    if (finding) this.#reports.set(key, { rule, namespace, subject, finding });
    else this.#reports.delete(key);
    this.#changed(key);
  }

  look(key: Key): Look {
    const report = this.#reports.get(key);
    if (!report) return { found: [], unknown: new Set() };
    const fingerprint = fingerprintOf(report.rule, report.namespace, report.subject);
    return { found: [{ fingerprint, ...report }], unknown: new Set() };
  }
}

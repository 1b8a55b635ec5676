/** One alert as the engine keeps it between two looks. */
import type { AlertReference } from './alert.ts';
import type { Subject } from './fingerprint.ts';
import type { AnyRule } from './rule.ts';
import type { AlertState } from './state.ts';
import type { Key } from './subjects.ts';

export interface Entry {
  readonly fingerprint: string;
  /** What is looked at to find it. */
  readonly key: Key;
  readonly rule: AnyRule;
  readonly namespace: string;
  readonly subject: Subject;
  state: AlertState;
  /** Of its object, once there is one. */
  objectName?: string;
  /** The entry that it is told of with. */
  foldedUnder?: string;
  /** What follows from it, by the key it was found under. */
  readonly consequences: Map<Key, readonly AlertReference[]>;
  causes: readonly AlertReference[];
}

export const referenceTo = ({ rule, subject, namespace, objectName }: Entry): AlertReference => ({
  rule: rule.name,
  subject,
  namespace,
  ...(objectName && { name: objectName }),
});

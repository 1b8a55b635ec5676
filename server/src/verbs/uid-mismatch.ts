/** A write that says which object it means does not mean one that is not there. */
import type { JsonObject } from '@naru/api/json-object';
import { conflict, type StatusError } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import { resourceOf } from './object-key.ts';

/** Undefined when `body` names no uid. */
export function uidMismatch(body: JsonObject, kind: Kind, name: string): StatusError | undefined {
  const { uid } = (body['metadata'] ?? {}) as { uid?: unknown };
  if (typeof uid !== 'string' || uid === '') return undefined;
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  return conflict(resourceOf(kind), name, why);
}

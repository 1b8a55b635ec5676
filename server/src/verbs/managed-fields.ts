/** Who owns which fields: the verbs' side of it. */
import { builtInType, emptyObject } from '@naru/api/apply/built-in-types';
import type { ManagedKind, ManagedVersion, ResetFields } from '@naru/api/apply/managed-kind';
import { trackUpdate } from '@naru/api/apply/track-update';
import type { JsonObject } from '@naru/api/json-object';
import type { AnyObject } from '@naru/api/object';
import { typeNamed } from '@naru/api/schema/schema-table';
import type { Kind } from '../kinds/define-kind.ts';
import type { Catalog } from '../kinds/catalog.ts';
import { apiVersionOf } from './object-key.ts';

// A managed kind is derived from its kind alone, so servers of one process may share it.
const known = new WeakMap<Kind, ManagedKind>();

export function managedKindOf(kind: Kind, catalog: Catalog): ManagedKind {
  const found = known.get(kind);
  if (found) return found;
  const schema = typeNamed(kind.schema)!;
  const { group, version } = kind;
  const managed: ManagedKind = {
    group,
    version,
    kind: kind.kind,
    type: builtInType(schema),
    empty: emptyObject(schema),
    otherVersion: (apiVersion) => otherVersionOf(kind, apiVersion, catalog),
  };
  known.set(kind, managed);
  return managed;
}

/** Kinds that share their storage are versions of one. */
function otherVersionOf(kind: Kind, apiVersion: string, catalog: Catalog): ManagedVersion | undefined {
  const other = catalog.kinds.find(
    (candidate) => candidate.storagePrefix === kind.storagePrefix && apiVersionOf(candidate) === apiVersion,
  );
  if (!other) return undefined;
  return {
    type: builtInType(typeNamed(other.schema)!),
    convert: (object) => converted(object, kind, other),
    convertBack: (object) => converted(object, other, kind),
  };
}

function converted(object: JsonObject, from: Kind, to: Kind): JsonObject {
  const stored = from.conversion ? from.conversion.toStored(object as unknown as AnyObject) : object;
  const result = to.conversion ? to.conversion.fromStored(stored as unknown as AnyObject) : stored;
  return result as unknown as JsonObject;
}

/** Fields that a write cannot set belong to nobody through it. */
export function resetFieldsOf(kind: Kind, subresource: string): ResetFields | undefined {
  const given = kind.resetFields?.(subresource);
  if (given) return given;
  if (!kind.subresources?.includes('status')) return undefined;
  return subresource === 'status' ? { 'f:spec': {} } : { 'f:status': {} };
}

export interface Tracked {
  readonly kind: Kind;
  readonly subresource: string;
  readonly fieldManager: string;
  readonly now: number;
}

/** Sets metadata.managedFields of `object`, which is about to replace `old`. */
export function track(object: AnyObject, old: AnyObject | undefined, tracked: Tracked, catalog: Catalog): void {
  const { kind, subresource, fieldManager, now } = tracked;
  const entries = trackUpdate({
    before: old as JsonObject | undefined,
    after: object as unknown as JsonObject,
    manager: fieldManager,
    kind: managedKindOf(kind, catalog),
    subresource,
    resetFields: resetFieldsOf(kind, subresource),
    now,
  });
  if (entries) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

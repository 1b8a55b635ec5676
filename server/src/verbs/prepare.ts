/** What the server, not the writer, says of an object: system metadata, generation, the split of spec and status. */
// Like apiserver pkg/registry/rest BeforeCreate and BeforeUpdate.
import { equalJson } from '@naru/api/json-object';
import type { AnyObject, ObjectMeta } from '@naru/api/object';
import { badRequest } from '@naru/api/status';
import type { Kind, WriteContext } from '../kinds/define-kind.ts';
import { apiVersionOf } from './object-key.ts';

/** Times of the API are whole seconds. */
export const timestamp = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 19) + 'Z';

export const keepsGeneration = (kind: Kind): boolean =>
  kind.generation ?? kind.subresources?.includes('status') ?? false;

/** Type and namespace follow from the path; a body that says otherwise is refused. Changes `object`. */
export function placeObject(object: AnyObject, kind: Kind, namespace: string): void {
  object.apiVersion = apiVersionOf(kind);
  object.kind = kind.kind;
  const { metadata } = object;
  delete (metadata as { selfLink?: string }).selfLink;
  if (kind.scope === 'Cluster') delete metadata.namespace;
  else if (metadata.namespace && metadata.namespace !== namespace) {
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  } else metadata.namespace = namespace;
}

/** A new object says nothing of what the server decides. Like WipeObjectMetaSystemFields of pkg/registry/rest. */
export function wipeSystemMetadata(metadata: ObjectMeta): void {
  delete metadata.resourceVersion;
  delete metadata.creationTimestamp;
  delete metadata.uid;
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
}

/** Changes `object`. */
export function prepareForCreate(object: AnyObject, kind: Kind, context: WriteContext & { uid: string }): void {
  const { metadata } = object;
  metadata.uid = context.uid;
  metadata.creationTimestamp = timestamp(context.now);
  if (keepsGeneration(kind)) metadata.generation = 1;
  if (kind.subresources?.includes('status') && !kind.createdWithStatus) delete object.status;
  kind.prepareForCreate?.(object, context);
}

/** Changes `object`. */
export function prepareForUpdate(object: AnyObject, old: AnyObject, kind: Kind, context: WriteContext): void {
  const { metadata } = object;
  if (!metadata.uid) carryOver(metadata, old.metadata, 'uid');
  carryOver(metadata, old.metadata, 'creationTimestamp');
  carryOver(metadata, old.metadata, 'generation');
  // Whoever is to be deleted cannot be saved; to say so of one who is not is refused by validation.
  if (old.metadata.deletionTimestamp) carryOver(metadata, old.metadata, 'deletionTimestamp');
  if (metadata.deletionGracePeriodSeconds === undefined)
    carryOver(metadata, old.metadata, 'deletionGracePeriodSeconds');
  if (context.subresource === 'status') keepAllBut(object, old, 'status');
  // An approval is written into the status; its kind keeps the rest of it.
  else if (kind.subresources?.includes('status') && context.subresource !== 'approval')
    carryOver(object, old, 'status');
  kind.prepareForUpdate?.(object, old, context);
  if (keepsGeneration(kind) && !sameSpec(object, old)) metadata.generation = (old.metadata.generation ?? 0) + 1;
}

function carryOver<T extends object>(to: T, from: T, field: keyof T): void {
  if (from[field] === undefined) delete to[field];
  else to[field] = from[field];
}

/** Everything of the old object except metadata and `field`. */
function keepAllBut(object: AnyObject, old: AnyObject, field: string): void {
  for (const key of Object.keys(object)) if (key !== 'metadata' && key !== field) delete object[key];
  for (const key of Object.keys(old)) if (key !== 'metadata' && key !== field) object[key] = old[key];
}

/** Whether nothing but metadata and status differs. */
function sameSpec(object: AnyObject, old: AnyObject): boolean {
  const { metadata: _m, status: _s, apiVersion: _a, kind: _k, ...rest } = object;
  const { metadata: _om, status: _os, apiVersion: _oa, kind: _ok, ...oldRest } = old;
  return equalJson(rest, oldRest);
}

/** Server-side apply: PATCH with a whole configuration, which also creates. */
// Like apiserver pkg/endpoints/handlers/patch.go applyPatcher.
import { applyPatch } from '@naru/api/apply/apply-patch';
import { decodeObject } from '@naru/api/decode/decode-object';
import type { JsonObject } from '@naru/api/json-object';
import type { AnyObject, ManagedFieldsEntry } from '@naru/api/object';
import { isAlreadyExists, notFound } from '@naru/api/status';
import type { StoredObject } from '../watch/stored-object.ts';
import type { Api, Target, WriteSettings } from './api.ts';
import { changeStored } from './commit.ts';
import { create } from './create.ts';
import { managedKindOf, resetFieldsOf } from './managed-fields.ts';
import { apiVersionOf, keyOf, resourceOf } from './object-key.ts';
import { placeObject } from './prepare.ts';
import { presented } from './presented.ts';
import { applyUpdate, assertCurrent, assertNamed } from './update.ts';
import { uidMismatch } from './uid-mismatch.ts';

export interface ApplyRequest extends Target, WriteSettings {
  /** The body, neither defaulted nor checked against the kind. */
  readonly applied: JsonObject;
  readonly force: boolean;
  /** Throws 403 when the writer may change what is there but make nothing new; asked before a creation. */
  readonly assertMayCreate?: () => void;
}

export interface Applied {
  readonly object: StoredObject | AnyObject;
  readonly created: boolean;
}

export async function apply(request: ApplyRequest, api: Api): Promise<Applied> {
  const { kind, namespace, name, subresource } = request;
  const there = api.cache.resource(kind.storagePrefix).get(keyOf(kind, namespace, name));
  if (there) return { object: await applyToExisting(request, api), created: false };
  if (subresource) throw notFound(resourceOf(kind), name);
  request.assertMayCreate?.();
  assertNoUid(request);
  const object = applied(undefined, request, api);
  delete object.metadata.resourceVersion;
  try {
    return { object: await create({ ...request, object, keepsManagedFields: true }, api), created: true };
  } catch (error) {
    // Somebody else created it meanwhile: then it is there to be applied to.
    if (!isAlreadyExists(error) || request.dryRun) throw error;
    return { object: await applyToExisting(request, api), created: false };
  }
}

async function applyToExisting(request: ApplyRequest, api: Api): Promise<StoredObject | AnyObject> {
  const { kind } = request;
  const change = async (current: StoredObject) => {
    const object = applied(presented(current, kind), request, api);
    assertCurrent(object, current, request);
    return applyUpdate(object, current, { ...request, keepsManagedFields: true }, api);
  };
  return (await changeStored({ ...request, change }, api)).object;
}

/** The object that the configuration makes of `live`, decoded and defaulted, with its managedFields. */
function applied(live: AnyObject | undefined, request: ApplyRequest, api: Api): AnyObject {
  const { kind, namespace, name, subresource, fieldManager, force } = request;
  const { object, managedFields } = applyPatch({
    live: live as JsonObject | undefined,
    applied: request.applied,
    manager: fieldManager,
    force,
    kind: managedKindOf(kind, api.catalog),
    subresource,
    resetFields: resetFieldsOf(kind, subresource),
    now: api.clock.now(),
  });
  const decoded = decodeObject(object, kind.schema).object as AnyObject;
  const whole: AnyObject = { ...decoded, kind: kind.kind, apiVersion: apiVersionOf(kind) };
  setManagedFields(whole, managedFields);
  kind.setDefaults?.(whole);
  assertNamed(whole, name);
  placeObject(whole, kind, namespace);
  return whole;
}

function setManagedFields(object: AnyObject, entries: ManagedFieldsEntry[] | undefined): void {
  object.metadata = { ...object.metadata };
  if (entries) object.metadata.managedFields = entries;
  else delete object.metadata.managedFields;
}

function assertNoUid({ applied, kind, name }: ApplyRequest): void {
  const mismatch = uidMismatch(applied, kind, name);
  if (mismatch) throw mismatch;
}

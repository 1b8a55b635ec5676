/** PATCH: change the object that stands there by what the patch says, again and again until nobody was faster. */
// Like apiserver pkg/endpoints/handlers/patch.go.
import { decodeObject } from '@naru/api/decode/decode-object';
import { DecodeError } from '@naru/api/decode/go-decode';
import { restoreError } from '@naru/api/decode/restore-error';
import { goPrint } from '@naru/api/go-print';
import { invalidValue } from '@naru/api/field-errors';
import type { JsonObject } from '@naru/api/json-object';
import type { AnyObject } from '@naru/api/object';
import { applyJsonPatch, type JsonPatch } from '@naru/api/patch/json-patch';
import { applyMergePatch } from '@naru/api/patch/merge-patch';
import { applyStrategicMergePatch } from '@naru/api/patch/strategic-merge-patch';
import { typeNamed } from '@naru/api/schema/schema-table';
import { invalid, isNotFound, type StatusError } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import type { StoredObject } from '../watch/stored-object.ts';
import type { Api, Target, WriteSettings } from './api.ts';
import { changeStored } from './commit.ts';
import { apiVersionOf } from './object-key.ts';
import { placeObject } from './prepare.ts';
import { presented } from './presented.ts';
import { uidMismatch } from './uid-mismatch.ts';
import { applyUpdate, assertCurrent, assertNamed } from './update.ts';

export type Patch =
  | { readonly type: 'json'; readonly patch: JsonPatch }
  | { readonly type: 'merge'; readonly patch: JsonObject }
  | { readonly type: 'strategic'; readonly patch: JsonObject };

export interface PatchRequest extends Target, WriteSettings {
  readonly patch: Patch;
  readonly fieldValidation: 'Strict' | 'Warn' | 'Ignore';
  /** What strict decoding says of the patch itself. */
  readonly problems?: readonly string[];
}

/** Answers with the object as it now stands; of a dry run, as it would. */
export async function patch(request: PatchRequest, api: Api): Promise<StoredObject | AnyObject> {
  const { kind, namespace, name } = request;
  const change = async (current: StoredObject) => {
    const object = patched(presented(current, kind), request);
    assertNamed(object, name);
    placeObject(object, kind, namespace);
    assertCurrent(object, current, request);
    return applyUpdate(object, current, request, api);
  };
  try {
    return (await changeStored({ ...request, change }, api)).object;
  } catch (error) {
    const mismatch = isNotFound(error) && request.patch.type !== 'json' && uidMismatch(request.patch.patch, kind, name);
    throw mismatch || error;
  }
}

/** The new object, decoded and defaulted. Throws 422 when the patch does not lead to one. */
function patched(current: AnyObject, request: PatchRequest): AnyObject {
  const { kind, patch, fieldValidation, warn } = request;
  const value = applyTo(current, patch, kind);
  const { object, problems } = decodePatched(value, request);
  const all = [...(request.problems ?? []), ...problems];
  if (all.length && fieldValidation === 'Strict')
    throw invalidPatch(value, patch, `strict decoding error: ${all.join(', ')}`);
  if (fieldValidation === 'Warn') all.forEach(warn);
  const named = { ...object, kind: kind.kind, apiVersion: apiVersionOf(kind) } as AnyObject;
  if (resetsOwnership(value)) named.metadata = { ...named.metadata, managedFields: [] };
  kind.setDefaults?.(named);
  return named;
}

/** An empty list is not the same as none here, though decoding makes it so. */
function resetsOwnership(value: JsonObject): boolean {
  const { managedFields } = (value['metadata'] ?? {}) as { managedFields?: unknown };
  return Array.isArray(managedFields) && managedFields.length === 0;
}

function applyTo(current: AnyObject, patch: Patch, kind: Kind): JsonObject {
  const document = current as unknown as JsonObject;
  switch (patch.type) {
    case 'json':
      return applyJsonPatch(document, patch.patch) as JsonObject;
    case 'merge':
      return applyMergePatch(document, patch.patch);
    case 'strategic':
      return applyStrategicMergePatch(document, patch.patch, typeNamed(kind.schema)!);
  }
}

function decodePatched(value: JsonObject, { kind, patch }: PatchRequest) {
  const { kind: kindName, apiVersion } = value;
  const isOther =
    (kindName !== undefined && kindName !== null && kindName !== kind.kind) ||
    (apiVersion !== undefined && apiVersion !== null && apiVersion !== apiVersionOf(kind));
  if (isOther) throw invalidPatch(value, patch, `${String(apiVersion)}, Kind=${String(kindName)} is not ${kind.kind}`);
  // As upstream's decoder: without a version nothing is known of the type, so all is unknown but the kind.
  if (!apiVersion) return { object: { metadata: {} }, problems: unknownFields(value) };
  try {
    return decodeObject(value, kind.schema);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    const why = `${kind.kind} in version ${JSON.stringify(kind.version)} cannot be handled as a ${kind.kind}: ${error.message}`;
    throw invalidPatch(
      value,
      patch,
      patch.type === 'strategic' ? (restoreError(value, kind.schema) ?? error.message) : why,
    );
  }
}

const unknownFields = (value: JsonObject): string[] =>
  Object.keys(value)
    .filter((key) => key !== 'kind' && key !== 'apiVersion')
    .sort()
    .map((key) => `unknown field ${JSON.stringify(key)}`);

/** Names no object, as upstream's does not: ` "" is invalid`. Strategic patches show the patch, the others what came of it. */
function invalidPatch(value: JsonObject, patch: Patch, why: string): StatusError {
  const shown = patch.type === 'strategic' ? goPrint(patch.patch) : JSON.stringify(value);
  return invalid({ group: '', kind: '' }, '', [invalidValue('patch', shown, why)]);
}

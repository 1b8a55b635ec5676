/** The annotation of client-side apply, which kubectl's server-side apply takes over and keeps up to date. */
// Like apimachinery managedfields/internal: lastappliedmanager.go, lastappliedupdater.go, lastapplied.go.
import { goJSON } from '../go-values.ts';
import { getKey, isJsonObject, setKey, type JsonObject } from '../json-object.ts';
import { compareFields } from './compare-fields.ts';
import { difference, type FieldSet } from './field-set.ts';
import { annotationsOf, apiVersionIn, withAnnotations } from './managed-object.ts';
import { apiVersionOf, type ManagedKind } from './managed-kind.ts';
import { ownedFields } from './own-fields.ts';

export const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';
/** Keys and values of all annotations together, in bytes. */
const MAX_ANNOTATIONS_SIZE = 256 * 1024;

function lastAppliedOf(object: JsonObject): string | undefined {
  const annotations = annotationsOf(object);
  const text = annotations && getKey(annotations, LAST_APPLIED);
  return typeof text === 'string' && text !== '' ? text : undefined;
}

/**
 * The fields that client-side apply set and that still stand as it set them: kubectl may take them from their managers
 * without force. Undefined when the annotation says nothing of use.
 */
export function fieldsOfLastApplied(live: JsonObject, kind: ManagedKind): FieldSet | undefined {
  const text = lastAppliedOf(live);
  if (text === undefined) return undefined;
  try {
    const applied: unknown = JSON.parse(text);
    if (!isJsonObject(applied) || apiVersionIn(applied) !== apiVersionOf(kind)) return undefined;
    const { added, modified, removed } = compareFields(kind.type, applied, live);
    const owned = ownedFields(kind.type, applied);
    return difference(difference(difference(owned, modified), added), removed);
  } catch {
    return undefined;
  }
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys);
  if (!isJsonObject(value)) return value;
  const result: JsonObject = {};
  for (const key of Object.keys(value).sort()) setKey(result, key, sortKeys(value[key]));
  return result;
}

const sizeOf = (annotations: JsonObject): number =>
  Object.entries(annotations).reduce(
    (size, [key, value]) => size + Buffer.byteLength(key) + Buffer.byteLength(String(value)),
    0,
  );

function withoutLastApplied(annotations: JsonObject): JsonObject {
  const { [LAST_APPLIED]: _, ...rest } = annotations;
  return rest;
}

/** `object` with the annotation saying what was just applied, if it has one. Too large an annotation is dropped. */
export function updateLastApplied(object: JsonObject, applied: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  if (!annotations || lastAppliedOf(object) === undefined) return object;
  const appliedAnnotations = annotationsOf(applied);
  const configuration = appliedAnnotations ? withAnnotations(applied, withoutLastApplied(appliedAnnotations)) : applied;
  const updated = { ...annotations, [LAST_APPLIED]: `${goJSON(sortKeys(configuration))}\n` };
  return withAnnotations(object, sizeOf(updated) > MAX_ANNOTATIONS_SIZE ? withoutLastApplied(annotations) : updated);
}

/** The few places of an object that ownership tracking itself looks at. */
import { getKey, isJsonObject, type JsonObject } from '../json-object.ts';
import type { ManagedFieldsEntry } from '../object.ts';

const metadataOf = (object: JsonObject | undefined): JsonObject | undefined => {
  const metadata = object && getKey(object, 'metadata');
  return isJsonObject(metadata) ? metadata : undefined;
};

const textAt = (object: JsonObject | undefined, key: string): string => {
  const value = object && getKey(object, key);
  return typeof value === 'string' ? value : '';
};

export const uidOf = (object: JsonObject | undefined): string | undefined =>
  textAt(metadataOf(object), 'uid') || undefined;

export const nameOf = (object: JsonObject): string => textAt(metadataOf(object), 'name');
export const namespaceOf = (object: JsonObject): string => textAt(metadataOf(object), 'namespace');
export const apiVersionIn = (object: JsonObject): string => textAt(object, 'apiVersion');
export const kindIn = (object: JsonObject): string => textAt(object, 'kind');

/** Undefined when there is no list, an empty list when there is an empty one. */
export function managedFieldsOf(object: JsonObject | undefined): readonly ManagedFieldsEntry[] | undefined {
  const metadata = metadataOf(object);
  const entries = metadata && getKey(metadata, 'managedFields');
  return Array.isArray(entries) ? (entries as ManagedFieldsEntry[]) : undefined;
}

/** The same object when there is nothing to leave out. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = metadataOf(object);
  if (!metadata || !Object.hasOwn(metadata, 'managedFields')) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

export function annotationsOf(object: JsonObject | undefined): JsonObject | undefined {
  const metadata = metadataOf(object);
  const annotations = metadata && getKey(metadata, 'annotations');
  return isJsonObject(annotations) ? annotations : undefined;
}

/** A copy with these annotations; undefined leaves the object without any. */
export function withAnnotations(object: JsonObject, annotations: JsonObject | undefined): JsonObject {
  const { annotations: _, ...metadata } = metadataOf(object) ?? {};
  return { ...object, metadata: annotations ? { ...metadata, annotations } : metadata };
}

/** POST a new object. The order of the steps is Kubernetes' own; clients depend on it. */
import type { AnyObject } from '@naru/api/object';
import { StatusError, alreadyExists } from '@naru/api/status';
import { assertValid } from '../validation/assert-valid.ts';
import type { Attributes } from '../admission/admission.ts';
import type { WriteContext } from '../kinds/define-kind.ts';
import type { StoredObject } from '../watch/stored-object.ts';
import type { Api, Target, WriteSettings } from './api.ts';
import { reserve } from './allocation/reserve.ts';
import { encodeForStore } from './commit.ts';
import { generateName } from './generate-name.ts';
import { track } from './managed-fields.ts';
import { keyOf, resourceOf } from './object-key.ts';
import { placeObject, prepareForCreate, wipeSystemMetadata } from './prepare.ts';
import { isEssential, writeToStore } from './write-to-store.ts';

export interface CreateRequest extends Target, WriteSettings {
  /** Decoded and defaulted; it is changed and kept. */
  readonly object: AnyObject;
  /** The object comes with its managedFields, from apply. */
  readonly keepsManagedFields?: boolean;
}

const generatedNameAttempts = 8;

/** Answers with the object as it now stands; of a dry run, as it would. */
export async function create(request: CreateRequest, api: Api): Promise<StoredObject | AnyObject> {
  const { object, kind, namespace } = request;
  const { metadata } = object;
  // Upstream reads the version as a number: 0, and what is none, is not set.
  if (/^\d+$/.test(metadata.resourceVersion ?? '') && Number(metadata.resourceVersion))
    throw new StatusError({ code: 500, message: 'resourceVersion should not be set on objects to be created' });
  placeObject(object, kind, namespace);
  wipeSystemMetadata(metadata);
  const generates = !metadata.name && metadata.generateName !== undefined && metadata.generateName !== '';
  const asGiven = metadata.managedFields;
  for (let attempt = 1; ; attempt++) {
    // Admission that changes objects sees no generated name yet, and names the object by generateName in errors.
    if (generates) delete metadata.name;
    const now = api.clock.now();
    const attributes = { ...request, operation: 'CREATE' as const, name: metadata.name ?? '', object };
    if (!request.keepsManagedFields) {
      if (asGiven) metadata.managedFields = asGiven;
      track(object, undefined, { ...request, now }, api.catalog);
    }
    await api.admission.mutate(attributes);
    if (generates) metadata.name = generateName(metadata.generateName!, api.random.below);
    const context = { now, subresource: '', uid: api.random.uuid() };
    prepareForCreate(object, kind, context);
    const settle = reserve(kind, object, undefined, api);
    const created = await admitAndInsert(request, attributes, context, api).finally(settle);
    if (created) return created;
    if (!generates || attempt === generatedNameAttempts) throw taken(request, api);
  }
}

/** Undefined when the name is taken. */
async function admitAndInsert(request: CreateRequest, attributes: Attributes, context: WriteContext, api: Api) {
  const { object, kind, warn } = request;
  assertValid(kind, object, context);
  kind.warnings?.(object, undefined).forEach(warn);
  await api.admission.validate(attributes);
  return insert(request, api);
}

async function insert(
  { object, kind, namespace, subresource, dryRun }: CreateRequest,
  api: Api,
): Promise<StoredObject | AnyObject | undefined> {
  const key = keyOf(kind, namespace, object.metadata.name!);
  if (api.cache.resource(kind.storagePrefix).get(key)) return undefined;
  if (dryRun) return object;
  const value = encodeForStore(object, kind, api);
  const essential = isEssential(kind, subresource, object);
  const result = await writeToStore(api.store, {
    expect: [{ key, revision: 0 }],
    writes: [{ key, value }],
    essential,
  });
  return result.done ? api.cache.asWritten(kind.storagePrefix, { key, value, revision: result.revision }) : undefined;
}

function taken({ object, kind, namespace }: CreateRequest, api: Api): StatusError {
  const name = object.metadata.name!;
  const error = alreadyExists(resourceOf(kind), name);
  const there = api.cache.resource(kind.storagePrefix).get(keyOf(kind, namespace, name));
  if (!there?.object.metadata.deletionTimestamp) return error;
  return new StatusError({ ...error.status, message: `object is being deleted: ${error.message}` });
}

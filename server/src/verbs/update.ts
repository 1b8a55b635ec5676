/** PUT an object in place of the one that stands there. */
import type { AnyObject } from '@naru/api/object';
import { invalidValue } from '@naru/api/field-errors';
import { StatusError, badRequest, conflict, invalid } from '@naru/api/status';
import { cloneJson } from '@naru/api/clone-json';
import { assertValidUpdate } from '../validation/assert-valid.ts';
import type { Kind } from '../kinds/define-kind.ts';
import type { StoredObject } from '../watch/stored-object.ts';
import type { Api, Target, WriteSettings } from './api.ts';
import { reserve } from './allocation/reserve.ts';
import { changeStored, type Next } from './commit.ts';
import { presented } from './presented.ts';
import { track } from './managed-fields.ts';
import { resourceOf } from './object-key.ts';
import { placeObject, prepareForUpdate } from './prepare.ts';

export interface UpdateRequest extends Target, WriteSettings {
  /** Decoded and defaulted; it is changed and kept. */
  readonly object: AnyObject;
}

/** Answers with the object as it now stands; of a dry run, as it would. */
export async function update(request: UpdateRequest, api: Api): Promise<StoredObject | AnyObject> {
  const { object, kind, namespace, name } = request;
  assertNamed(object, name);
  placeObject(object, kind, namespace);
  const { object: changed } = await changeStored(
    {
      ...request,
      change: async (current) => {
        const next = cloneJson(object);
        assertCurrent(next, current, request);
        return applyUpdate(next, current, request, api);
      },
    },
    api,
  );
  return changed;
}

/** What update and patch have in common: from the object asked for to the one that may be stored. Changes `object`. */
export async function applyUpdate(
  object: AnyObject,
  current: StoredObject,
  request: Target & WriteSettings & { keepsManagedFields?: boolean },
  api: Api,
): Promise<Next> {
  const { kind, subresource, warn } = request;
  const old = presented(current, kind);
  const context = { now: api.clock.now(), subresource };
  const given = object.metadata.resourceVersion;
  if (!given || given === '0') {
    if (kind.allowUnconditionalUpdate === false) throw versionMissing(request);
    object.metadata.resourceVersion = current.resourceVersion;
  }
  if (!request.keepsManagedFields) track(object, old, { ...request, now: context.now }, api.catalog);
  const attributes = { ...request, operation: 'UPDATE' as const, object, oldObject: old };
  await api.admission.mutate(attributes);
  prepareForUpdate(object, old, kind, context);
  const settle = reserve(kind, object, old, api);
  try {
    assertValidUpdate(kind, object, old, context);
    // A status is written by programs; nobody is there to be warned of the rest.
    if (subresource !== 'status') kind.warnings?.(object, old).forEach(warn);
    await api.admission.validate(attributes);
  } catch (error) {
    settle();
    throw error;
  }
  return { object, remove: mayGo(object, kind), settle };
}

/** A deleted object leaves with its last finalizer. */
export const mayGo = (object: AnyObject, kind: Kind): boolean =>
  object.metadata.deletionTimestamp !== undefined &&
  !object.metadata.finalizers?.length &&
  (object.metadata.deletionGracePeriodSeconds ?? 0) === 0 &&
  !kind.holdsDeletion?.(object);

/** What a body says of the name must agree with the path. */
export function assertNamed({ metadata }: AnyObject, name: string): void {
  if (!metadata.name)
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`);
  if (metadata.name !== name) {
    throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`);
  }
}

/** The optimistic lock: a writer that says what it read must have read the latest. */
export function assertCurrent({ metadata }: AnyObject, current: StoredObject, { kind, name }: Target): void {
  const { resourceVersion, uid } = metadata;
  if (resourceVersion && resourceVersion !== '0') {
    if (!/^[0-9]{1,20}$/.test(resourceVersion)) throw notANumber(resourceVersion);
    if (resourceVersion !== current.resourceVersion) throw conflict(resourceOf(kind), name);
  }
  const currentUid = current.object.metadata.uid ?? '';
  if (uid && uid !== currentUid) {
    throw conflict(
      resourceOf(kind),
      name,
      `Precondition failed: UID in precondition: ${uid}, UID in object meta: ${currentUid}`,
    );
  }
}

/** Upstream names the resource here where it otherwise names the kind. */
const versionMissing = ({ kind, name }: Target) =>
  invalid({ group: kind.group, kind: kind.plural }, name, [
    invalidValue('metadata.resourceVersion', 0, 'must be specified for an update'),
  ]);

const notANumber = (text: string) =>
  new StatusError({ code: 500, message: `strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax` });

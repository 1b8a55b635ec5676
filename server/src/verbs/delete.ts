/** DELETE: at once, or marked and left until grace and finalizers have run out. */
// Like apiserver pkg/registry/generic/registry Store.Delete and pkg/registry/rest/delete.go.
import type { AnyObject } from '@naru/api/object';
import { conflict, notFound } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import { StoredObject } from '../watch/stored-object.ts';
import type { Api, Target } from './api.ts';
import { encodeForStore } from './commit.ts';
import type { DeleteOptions } from './delete-options.ts';
import { finalizersFor, warnOfDefault } from './deletion-finalizers.ts';
import { keyOf, resourceOf } from './object-key.ts';
import { timestamp } from './prepare.ts';
import { writeToStore } from './write-to-store.ts';

export interface DeleteRequest extends Target {
  readonly options: DeleteOptions;
  warn(text: string): void;
}

export interface Deleted {
  readonly object: StoredObject | AnyObject;
  /** False: only marked. */
  readonly gone: boolean;
}

/** Throws 404 when it is not there, 409 when it is not the one that was meant. */
export async function deleteObject(request: DeleteRequest, api: Api): Promise<Deleted> {
  const { kind, namespace, name, options } = request;
  warnOfDefault(kind, options, request.warn);
  const key = keyOf(kind, namespace, name);
  const cache = api.cache.resource(kind.storagePrefix);
  for (;;) {
    const current = cache.get(key);
    if (!current) throw notFound(resourceOf(kind), name);
    assertPreconditions(current, kind, options);
    await api.admission.validate({
      ...request,
      operation: 'DELETE',
      dryRun: options.dryRun,
      oldObject: current.object,
    });
    const plan = planDeletion(current, kind, options, api.clock.now());
    if (options.dryRun || plan.do === 'nothing') return { object: plan.object ?? current, gone: plan.do === 'remove' };
    const value = plan.do === 'mark' ? encodeForStore(plan.object, kind, api) : null;
    const result = await writeToStore(api.store, {
      expect: [{ key, revision: current.revision }],
      writes: [{ key, value }],
      essential: true,
    });
    if (!result.done) continue;
    if (value) return { object: new StoredObject(key, value, result.revision), gone: false };
    const last = plan.object
      ? new StoredObject(key, encodeForStore(plan.object, kind, api), result.revision)
      : current.at(result.revision);
    return { object: last, gone: true };
  }
}

type Plan =
  /** Already on its way. */
  | { do: 'nothing'; object?: AnyObject }
  | { do: 'mark'; object: AnyObject }
  /** `object`: its last state, when that differs from what is stored. */
  | { do: 'remove'; object?: AnyObject };

function planDeletion(current: StoredObject, kind: Kind, options: DeleteOptions, now: number): Plan {
  const object = kind.conversion ? kind.conversion.fromStored(current.copy()) : current.copy();
  delete object.metadata.resourceVersion;
  const graceful = applyGrace(object, kind, options, now);
  if (graceful === 'pending') return { do: 'nothing' };
  const finalizers = finalizersFor(object, kind, options);
  if (finalizers.length) object.metadata.finalizers = finalizers;
  else delete object.metadata.finalizers;
  if (graceful === 'none') {
    if (!finalizers.length && !kind.holdsDeletion?.(object)) return { do: 'remove' };
    markDeleted(object, now);
    kind.prepareForDelete?.(object);
    return { do: 'mark', object };
  }
  return finalizers.length || object.metadata.deletionGracePeriodSeconds
    ? { do: 'mark', object }
    : { do: 'remove', object };
}

/** 'graceful': the object now carries its time; 'pending': it carried it before; 'none': the kind knows no grace. Changes `object`. */
function applyGrace(
  object: AnyObject,
  kind: Kind,
  options: DeleteOptions,
  now: number,
): 'graceful' | 'pending' | 'none' {
  if (!kind.defaultGracePeriod) return 'none';
  const { metadata } = object;
  const asked = options.gracePeriodSeconds;
  if (metadata.deletionTimestamp) {
    const present = metadata.deletionGracePeriodSeconds;
    if (present === undefined) return 'none';
    if (asked === undefined || asked >= present) return 'pending';
    const shortened = asked < 0 ? 1 : asked;
    metadata.deletionTimestamp = timestamp(Date.parse(metadata.deletionTimestamp) + (shortened - present) * 1000);
    metadata.deletionGracePeriodSeconds = shortened;
    return 'graceful';
  }
  const usual = kind.defaultGracePeriod(object);
  const chosen = usual === 0 ? 0 : (asked ?? usual);
  const period = chosen < 0 ? 1 : chosen;
  metadata.deletionTimestamp = timestamp(now + period * 1000);
  metadata.deletionGracePeriodSeconds = period;
  if (metadata.generation) metadata.generation++;
  return 'graceful';
}

/** Kinds without grace that wait for finalizers. Changes `object`. */
function markDeleted({ metadata }: AnyObject, now: number): void {
  if (!metadata.deletionTimestamp && metadata.generation) metadata.generation++;
  if (!metadata.deletionTimestamp || Date.parse(metadata.deletionTimestamp) > now)
    metadata.deletionTimestamp = timestamp(now);
  metadata.deletionGracePeriodSeconds = 0;
}

function assertPreconditions(current: StoredObject, kind: Kind, { preconditions }: DeleteOptions): void {
  const { name = '', uid } = current.object.metadata;
  const named = { group: kind.group, resource: kind.kind };
  if (preconditions?.uid !== undefined && preconditions.uid !== uid) {
    const why = `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`;
    throw conflict(named, name, why);
  }
  if (preconditions?.resourceVersion !== undefined && preconditions.resourceVersion !== current.resourceVersion) {
    const why = `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${current.resourceVersion}). The object might have been modified`;
    throw conflict(named, name, why);
  }
}

/** The `scale` of a workload: its replicas, seen and set without knowing the workload. */
// Like pkg/registry/apps/deployment/storage ScaleREST.
import type { V1Scale } from '@kubernetes/client-node';
import { getKey, setKey, type JsonObject } from '@naru/api/json-object';
import type { AnyObject } from '@naru/api/object';
import { StatusError, invalid } from '@naru/api/status';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { StoredObject } from '../../watch/stored-object.ts';
import type { Api, Target, WriteSettings } from '../api.ts';
import { changeStored } from '../commit.ts';
import { get } from '../get.ts';
import { presented } from '../presented.ts';
import { applyUpdate, assertCurrent, assertNamed } from '../update.ts';

export const scaleSchema = 'k8s.io.api.autoscaling.v1.Scale';
export const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' };

/** The workload's scale as an autoscaling/v1 object. */
export function scaleOf(object: AnyObject, kind: Kind): AnyObject {
  const { specReplicas, statusReplicas, selector } = kind.scale!;
  const { name, namespace, uid, resourceVersion, creationTimestamp } = object.metadata;
  const replicas = numberAt(object, specReplicas);
  const selected = selector(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: {
      ...(name && { name }),
      ...(namespace && { namespace }),
      ...(uid && { uid }),
      ...(resourceVersion && { resourceVersion }),
      ...(creationTimestamp && { creationTimestamp }),
    },
    spec: { ...(replicas && { replicas }) },
    status: { replicas: numberAt(object, statusReplicas), ...(selected && { selector: selected }) },
  };
}

export const getScale = (target: Target, api: Api): AnyObject =>
  scaleOf(presented(get(target, api), target.kind), target.kind);

export interface ScaleRequest extends Target, WriteSettings {
  /** From the scale as it is to the scale as it shall be; decoded. */
  change(current: AnyObject): AnyObject;
}

export async function updateScale(request: ScaleRequest, api: Api): Promise<AnyObject> {
  const { kind, name } = request;
  const change = async (current: StoredObject) => {
    const wanted = request.change(scaleOf(presented(current, kind), kind));
    assertNamed(wanted, name);
    const replicas = assertScale(fieldsOf<V1Scale>(wanted), name);
    assertSameUid(wanted, current, request);
    assertCurrent(wanted, current, request);
    const object = presented(current, kind);
    const next = withNumberAt(object, kind.scale!.specReplicas, replicas);
    return applyUpdate({ ...next, metadata: { ...next.metadata } }, current, { ...request, subresource: 'scale' }, api);
  };
  const { object } = await changeStored({ ...request, change }, api);
  return scaleOf(object instanceof StoredObject ? presented(object, kind) : object, kind);
}

function assertScale({ spec }: ObjectFields<V1Scale>, name: string): number {
  const replicas = spec?.replicas ?? 0;
  if (replicas >= 0) return replicas;
  const message = `Invalid value: ${replicas}: must be greater than or equal to 0`;
  throw invalid({ group: 'autoscaling', kind: 'Scale' }, name, [
    { field: 'spec.replicas', reason: 'FieldValueInvalid', message },
  ]);
}

function assertSameUid({ metadata }: AnyObject, current: StoredObject, { kind, name }: Target): void {
  const { uid } = current.object.metadata;
  if (!metadata.uid || metadata.uid === uid) return;
  const resource = kind.group ? `${kind.plural}.${kind.group}` : kind.plural;
  const why = `StorageError: invalid object, Code: 4, Key: ${current.key}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${uid}`;
  throw new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${resource} ${JSON.stringify(name)}: ${why}`,
    details: { name, ...(kind.group && { group: kind.group }), kind: kind.plural },
  });
}

const segmentsOf = (path: string): string[] => path.replace(/^\./, '').split('.');

function numberAt(object: AnyObject, path: string): number {
  let value: unknown = object;
  for (const segment of segmentsOf(path))
    value = value === null || typeof value !== 'object' ? undefined : getKey(value as JsonObject, segment);
  return typeof value === 'number' ? value : 0;
}

/** A copy of the object along the path. */
function withNumberAt(object: AnyObject, path: string, number: number): AnyObject {
  const set = (at: JsonObject, [head, ...rest]: string[]): JsonObject => {
    const copy = { ...at };
    const below = getKey(at, head!) as JsonObject | undefined;
    setKey(copy, head!, rest.length ? set(below ?? {}, rest) : number);
    return copy;
  };
  return set(object as unknown as JsonObject, segmentsOf(path)) as unknown as AnyObject;
}

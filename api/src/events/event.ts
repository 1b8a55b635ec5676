/** An Event as components write it, core/v1. */
import type { ResourceRef } from '../client/client.ts';
import type { KubeObject } from '../object.ts';

export const eventResource: ResourceRef = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  scope: 'Namespaced',
};

export interface ObjectReference {
  kind?: string;
  namespace?: string;
  name?: string;
  uid?: string;
  apiVersion?: string;
  resourceVersion?: string;
  fieldPath?: string;
}

export interface Event extends KubeObject {
  involvedObject: ObjectReference;
  related?: ObjectReference;
  type: 'Normal' | 'Warning';
  reason: string;
  message: string;
  action?: string;
  source?: { component?: string; host?: string };
  reportingComponent?: string;
  reportingInstance?: string;
  firstTimestamp?: string | null;
  lastTimestamp?: string | null;
  eventTime?: string | null;
  count?: number;
  series?: { count: number; lastObservedTime: string };
}

/** How an event names the object it is about. */
// Like client-go tools/reference.
export function referenceTo(object: KubeObject, resource: ResourceRef): ObjectReference {
  const { name, namespace, uid, resourceVersion } = object.metadata;
  return {
    kind: resource.kind,
    ...(namespace && { namespace }),
    ...(name && { name }),
    ...(uid && { uid }),
    apiVersion: resource.group ? `${resource.group}/${resource.version}` : resource.version,
    ...(resourceVersion && { resourceVersion }),
  };
}

/** `web.18a2b3c4d5e6f708`: the object's name and the time in nanoseconds. `turn` keeps two of one millisecond apart. */
export const eventName = (object: ObjectReference, milliseconds: number, turn: number): string =>
  `${object.name ?? ''}.${(BigInt(milliseconds) * 1_000_000n + BigInt(turn % 1_000_000)).toString(16)}`;

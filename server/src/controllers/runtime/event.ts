/** An Event as controllers write it, core/v1. */
import type { KubeObject } from '@naru/api/object';
import type { ResourceRef } from '@naru/api/client/client';
import { apiVersionOf } from './resources.ts';

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
    apiVersion: apiVersionOf(resource),
    ...(resourceVersion && { resourceVersion }),
  };
}

/** `web.18a2b3c4d5e6f708`: the object's name and the time in nanoseconds. `turn` keeps two of one millisecond apart. */
export const eventName = (object: ObjectReference, milliseconds: number, turn: number): string =>
  `${object.name ?? ''}.${(BigInt(milliseconds) * 1_000_000n + BigInt(turn % 1_000_000)).toString(16)}`;

/** What is looked at as one thing, and the key under which it waits to be looked at. */
import type { KubeObject } from '@naru/api/object';
import type { Informer } from '@naru/api/client/informer';
import { controllerOf } from '../runtime/owners.ts';
import type { AppSubject } from './views/app.ts';

export type Key = string;

export const appKey = ({ kind, namespace, name }: AppSubject): Key => `app|${kind}|${namespace}|${name}`;
export const machineKey = (name: string): Key => `machine|${name}`;
export const autoscalerKey = (namespace: string, name: string): Key => `autoscaler|${namespace}|${name}`;
export const channelKey = (name: string): Key => `channel|${name}`;
export const serviceKey = (namespace: string, name: string): Key => `service|${namespace}|${name}`;
export const claimKey = (namespace: string, name: string): Key => `claim|${namespace}|${name}`;
export const accountKey = (name: string): Key => `account|${name}`;
export const quotaKey = (namespace: string, name: string): Key => `quota|${namespace}|${name}`;

/** The key under which the subject of an alert is looked at. */
export function keyOfSubject(kind: string, namespace: string, name: string): Key {
  switch (kind) {
    case 'Node':
      return machineKey(name);
    case 'HorizontalPodAutoscaler':
      return autoscalerKey(namespace, name);
    case 'NotificationChannel':
      return channelKey(name);
    case 'Service':
      return serviceKey(namespace, name);
    case 'PersistentVolumeClaim':
      return claimKey(namespace, name);
    case 'Account':
      return accountKey(name);
    case 'ResourceQuota':
      return quotaKey(namespace, name);
    default:
      return appKey({ kind, namespace, name });
  }
}

/** What leads from a pod to the app that it belongs to. */
export interface Owners {
  readonly replicaSets: Pick<Informer<KubeObject>, 'get'> | undefined;
  readonly jobs: Pick<Informer<KubeObject>, 'get'> | undefined;
}

const subjectOf = (kind: string, { metadata }: KubeObject, name = metadata.name): AppSubject => ({
  kind,
  namespace: metadata.namespace ?? '',
  name: name ?? '',
});

/** The app that a pod is an instance of: whatever somebody wrote to have it. */
export function appOfPod(pod: KubeObject, { replicaSets, jobs }: Owners): AppSubject {
  const owner = controllerOf(pod);
  if (!owner) return subjectOf('Pod', pod);
  const key = `${pod.metadata.namespace}/${owner.name}`;
  if (owner.kind === 'ReplicaSet') return appOfOwned('ReplicaSet', replicaSets?.get(key), pod, owner.name);
  if (owner.kind === 'Job') return appOfOwned('Job', jobs?.get(key), pod, owner.name);
  return subjectOf(owner.kind, pod, owner.name);
}

function appOfOwned(kind: string, object: KubeObject | undefined, pod: KubeObject, name: string): AppSubject {
  return object ? appOfWorkload(kind, object) : subjectOf(kind, pod, name);
}

/** A ReplicaSet of a Deployment is that Deployment's, a Job of a CronJob that CronJob's. */
export function appOfWorkload(kind: string, object: KubeObject): AppSubject {
  const owner = controllerOf(object);
  const isPart = kind === 'ReplicaSet' || kind === 'Job';
  return isPart && owner ? subjectOf(owner.kind, object, owner.name) : subjectOf(kind, object);
}

/** One turn of bringing a pod closer to what it asks for: what it works with and what comes of it. */
import type { PodFailure } from '../status/status-input.ts';
import type { GracePeriod } from './grace-period.ts';
import type { PodContext } from './pod-context.ts';
import type { PodMemory } from './pod-memory.ts';
import { uidOf, type Pod } from './pod.ts';
import { PodView } from './pod-view.ts';

export interface PodSync {
  pod: Pod;
  memory: PodMemory;
  context: PodContext;
  /** The time to end in: made when the pod's end has been decided. */
  grace(): GracePeriod;
  /** The pod's end was decided while this sync ran. */
  signal: AbortSignal;
  /** The pod is gone from the API, so that nobody is there to be told. */
  gone: boolean;
  /** Why the node does not take a pod that has not started; undefined: it does. */
  refuse(): PodFailure | undefined;
}

export interface SyncOutcome {
  /** `ended`: nothing runs and nothing will; `removed`: nothing is left either. */
  state: 'running' | 'ended' | 'removed';
  /** Something could not be done; it is not tried again at once, whatever happens meanwhile. */
  failed?: boolean;
  /** When to sync again even if nothing happens; milliseconds since 1970. */
  wakeAt?: number;
}

export async function observe({ pod, context }: PodSync): Promise<PodView> {
  return new PodView(pod, await context.runtime.pod(uidOf(pod)));
}

/** The pod's address, once it has one that works. */
export function podIpOf({ pod, context }: PodSync, view: PodView): string | undefined {
  if (!view.sandbox) return undefined;
  return pod.spec.hostNetwork ? context.node.ip : context.network.addressOf(uidOf(pod));
}

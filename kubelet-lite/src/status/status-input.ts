/** Everything that a pod's status is computed from. */
import type { Pod } from '../pods/pod.ts';
import type { PodStatus } from '../pods/pod-status.ts';
import type { PodView } from '../pods/pod-view.ts';
import type { Container } from '../runtime/container-runtime.ts';

/** Why a container is not running yet. */
export interface WaitingReason {
  reason: string;
  message?: string;
}

/** Why the node ended or refused the pod. */
export interface PodFailure {
  reason: string;
  message: string;
}

export interface StatusInput {
  pod: Pod;
  view: PodView;
  /** What was last reported; what it says of things that are gone is kept. */
  previous: PodStatus;
  /** Engine's name before the ids of containers: `docker`. */
  runtimeName: string;
  hostIp: string;
  /** undefined: the pod has none yet. */
  podIp: string | undefined;
  /** The one it had while it ran. */
  lastPodIp: string | undefined;
  /** Container name → why its last start failed. */
  waiting: ReadonlyMap<string, WaitingReason>;
  /** Ids of containers that were just stopped by hand. */
  stoppedByHand: ReadonlySet<string>;
  /** Container id → its termination message. */
  terminationMessages: ReadonlyMap<string, string>;
  probes: {
    ready(container: Container): boolean;
    started(container: Container): boolean;
  };
  /** `ending`: nothing is started any more, because the pod is deleted, failed, or out of time; `ended`: nothing runs. */
  stage: 'living' | 'ending' | 'ended';
  failure?: PodFailure;
  /** RFC 3339, whole seconds. */
  now: string;
}

/** What the agent remembers of one pod between syncs. All of it can be lost: it is found again, or was only for show. */
import type { PodFailure, WaitingReason } from '../status/status-input.ts';
import type { PodStatus } from './pod-status.ts';

export interface PodMemory {
  /** RFC 3339 with nanoseconds. */
  seenAt: string;
  /** What was last wanted to be reported; undefined until the first sync. */
  status: PodStatus | undefined;
  /** Container → why its last start failed. */
  waiting: Map<string, WaitingReason>;
  /** Ids of containers that were stopped by hand, until their status says so. */
  stoppedByHand: Set<string>;
  /** Container id → its last words, once it has ended. */
  messages: Map<string, string>;
  /** Why the node ends or refuses the pod. */
  failure: PodFailure | undefined;
  /** The address it had last: it is told of a pod that has ended too. */
  podIp: string | undefined;
  /** Syncs in a row in which something went wrong. */
  failedSyncs: number;
}

export const newPodMemory = (now: number): PodMemory => ({
  seenAt: new Date(now).toISOString().replace('Z', '000000Z'),
  status: undefined,
  waiting: new Map(),
  stoppedByHand: new Set(),
  messages: new Map(),
  failure: undefined,
  podIp: undefined,
  failedSyncs: 0,
});

/** Everything that syncing pods needs of the node; one for all pods. */
import type { Clock } from '@naru/api/clock';
import type { ConfigSource } from '../config-objects/config-source.ts';
import type { LinkedService } from '../environment/service-links.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import type { Prober } from '../probes/prober.ts';
import type { ProbeWorkers } from '../probes/probe-workers.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { StatusWriter } from '../status/status-writer.ts';
import type { PodFiles } from '../volumes/pod-files.ts';
import type { ResourceList } from './container-definition.ts';
import type { ImagePuller } from './image-puller.ts';
import type { PodEvents } from './pod-events.ts';
import type { RestartBackoff } from './restart-backoff.ts';

export interface NodeDescription {
  name: string;
  ip: string;
  clusterDomain: string;
  /** Bytes. */
  memoryCapacity: number;
  allocatable: ResourceList;
  /** The lowest score that the machine lets a container have. */
  leastOomScoreAdj: number;
  /** Whether the kernel enforces AppArmor profiles. */
  hasAppArmor: boolean;
  /** Sysctls beside the safe ones that pods may set. */
  allowedUnsafeSysctls: readonly string[];
}

export interface PodContext {
  clock: Clock;
  node: NodeDescription;
  runtime: ContainerRuntime;
  /** Before container ids in statuses. */
  runtimeName: string;
  network: PodNetwork;
  files: PodFiles;
  source: ConfigSource;
  /** Throws until the services have been read once. */
  services(): readonly LinkedService[];
  prober: Prober;
  probes: ProbeWorkers;
  images: ImagePuller;
  restarts: RestartBackoff;
  statuses: StatusWriter;
  events: PodEvents;
}

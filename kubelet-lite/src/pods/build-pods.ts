/** Puts together what syncs the pods of one node. */
import type { Clock } from '@naru/api/clock';
import type { EventRecorder } from '@naru/api/events/event-recorder';
import type { ConfigSource } from '../config-objects/config-source.ts';
import type { LinkedService } from '../environment/service-links.ts';
import type { PodNetwork } from '../network/pod-network.ts';
import type { Prober } from '../probes/prober.ts';
import { ProbeWorkers } from '../probes/probe-workers.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { StatusWriter } from '../status/status-writer.ts';
import type { PodFiles } from '../volumes/pod-files.ts';
import { ImagePuller } from './image-puller.ts';
import type { NodeDescription, PodContext } from './pod-context.ts';
import { podEvents } from './pod-events.ts';
import { PodWorkers } from './pod-workers.ts';
import type { Pod } from './pod.ts';
import { RestartBackoff } from './restart-backoff.ts';
import { syncPod } from './sync-pod.ts';

export interface PodsOfNode {
  clock: Clock;
  random: () => number;
  node: NodeDescription;
  runtime: ContainerRuntime;
  runtimeName: string;
  network: PodNetwork;
  files: PodFiles;
  source: ConfigSource;
  services(): readonly LinkedService[];
  prober: Prober;
  statuses: StatusWriter;
  recorder: EventRecorder;
  onError(pod: Pod, error: unknown): void;
}

/** Whoever builds them also tells the workers what changes in the runtime. */
export function buildPods(options: PodsOfNode): { context: PodContext; workers: PodWorkers } {
  const { clock, random, runtime, prober, recorder, onError, ...rest } = options;
  const events = podEvents(recorder);
  const context: PodContext = {
    ...rest,
    clock,
    runtime,
    prober,
    events,
    probes: new ProbeWorkers({
      clock,
      prober,
      random,
      onChange: (uid) => workers.wake(uid),
      onEvent: (pod, container, reason, message) => events.container(pod, container, 'Warning', reason, message),
    }),
    images: new ImagePuller({ runtime, events, clock }),
    restarts: new RestartBackoff(clock),
  };
  const workers: PodWorkers = new PodWorkers({ context, sync: syncPod, onError });
  return { context, workers };
}

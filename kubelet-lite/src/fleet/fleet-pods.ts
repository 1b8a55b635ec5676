/** The pods of all fake nodes: one runtime and one writer of statuses for all of them, and what is a node's own only once it has pods. */
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import { eventRecorder, type EventRecorder } from '@naru/api/events/event-recorder';
import type { Logger } from 'pino';
import type { Config } from '../config.ts';
import { FollowedObjects } from '../config-objects/followed-objects.ts';
import { FakePodNetwork } from '../network/fake-pod-network.ts';
import { buildPods } from '../pods/build-pods.ts';
import type { PodWorkers } from '../pods/pod-workers.ts';
import { uidOf, type Pod } from '../pods/pod.ts';
import { contentProber } from '../probes/prober.ts';
import { FakeRuntime } from '../runtime/fake-runtime.ts';
import { StatusWriter } from '../status/status-writer.ts';
import { noFiles } from '../volumes/pod-files.ts';
import type { FakeNode } from './fake-node.ts';

export interface FleetPodsOptions {
  client: Client;
  clock: Clock;
  log: Logger;
  config: Config;
  /** The node of the name, once its range of pod addresses is known. */
  node(name: string): { node: FakeNode; podCidr: string } | undefined;
}

export class FleetPods {
  readonly runtime: FakeRuntime;
  readonly #options: FleetPodsOptions;
  readonly #statuses: StatusWriter;
  readonly #source: FollowedObjects;
  readonly #workers = new Map<string, PodWorkers>();
  /** Pods of nodes that have no addresses to give yet. */
  readonly #early = new Map<string, Map<string, Pod>>();
  readonly #nodeOf = new Map<string, string>();

  constructor(options: FleetPodsOptions) {
    const { client, clock, log } = options;
    this.#options = options;
    this.runtime = new FakeRuntime({ clock });
    const onError = (error: unknown) => log.warn({ err: error }, 'an object could not be read');
    this.#statuses = new StatusWriter({ client, clock, onError: (_, error) => onError(error) });
    this.#source = new FollowedObjects({ client, clock, onChange: () => {}, onError });
    this.runtime.onChange(({ uid }) => this.#workers.get(this.#nodeOf.get(uid) ?? '')?.wake(uid));
  }

  update(pod: Pod): void {
    const nodeName = pod.spec.nodeName ?? '';
    const workers = this.#workersOf(nodeName);
    if (workers) {
      this.#nodeOf.set(uidOf(pod), nodeName);
      return workers.update(pod);
    }
    const early = this.#early.get(nodeName) ?? new Map<string, Pod>();
    this.#early.set(nodeName, early.set(uidOf(pod), pod));
  }

  remove(pod: Pod): void {
    const nodeName = pod.spec.nodeName ?? '';
    this.#early.get(nodeName)?.delete(uidOf(pod));
    this.#workers.get(nodeName)?.remove(pod);
  }

  /** The node has its addresses now. */
  nodeReady(name: string): void {
    const early = this.#early.get(name);
    this.#early.delete(name);
    for (const pod of early?.values() ?? []) this.update(pod);
  }

  pods(): Pod[] {
    return [...this.#workers.values()].flatMap((workers) => workers.pods());
  }

  find(namespace: string, name: string): Pod | undefined {
    return this.pods().find(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  }

  close(): void {
    for (const workers of this.#workers.values()) workers.close();
  }

  #workersOf(name: string): PodWorkers | undefined {
    const known = this.#workers.get(name);
    if (known) return known;
    const found = this.#options.node(name);
    if (!found) return undefined;
    const workers = this.#build(found.node, found.podCidr);
    this.#workers.set(name, workers);
    return workers;
  }

  #build(node: FakeNode, podCidr: string): PodWorkers {
    const { clock, log, config } = this.#options;
    const { name, address } = node.identity;
    const { allocatable } = node.status();
    const { workers } = buildPods({
      clock,
      random: Math.random,
      node: {
        ...{ name, ip: address, clusterDomain: config.clusterDomain, allocatable },
        memoryCapacity: Number.MAX_SAFE_INTEGER,
        leastOomScoreAdj: -1000,
        hasAppArmor: true,
        allowedUnsafeSysctls: config.allowedUnsafeSysctls,
      },
      runtime: this.runtime,
      runtimeName: 'fake',
      network: new FakePodNetwork({ podCidr, clusterDns: config.clusterDns }),
      files: noFiles,
      source: this.#source,
      services: () => [],
      prober: contentProber,
      statuses: this.#statuses,
      recorder: this.#recorderFor(name),
      onError: (pod, error) => log.warn({ err: error, pod: pod.metadata.name }, 'a pod could not be synced'),
    });
    return workers;
  }

  /** Where there are many nodes there are many pods, and that all goes well is no news then. */
  #recorderFor(name: string): EventRecorder {
    const { client, clock, log, config } = this.#options;
    const recorder = eventRecorder({ client, clock, log, component: 'kubelet', instance: name, host: name });
    if (config.nodes === 1) return recorder;
    return {
      ...recorder,
      event: (object, resource, type, ...rest) => {
        if (type === 'Warning') recorder.event(object, resource, type, ...rest);
      },
    };
  }
}

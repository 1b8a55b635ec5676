/** Follows the pods that were given to this node, and hands each to its worker. */
import type { Client } from '@naru/api/client/client';
import { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import { podResource, uidOf, type Pod } from '../pods/pod.ts';

export interface WatchPodsOptions {
  client: Client;
  clock: Clock;
  /** Absent: the pods of all nodes. */
  nodeName?: string;
  update(pod: Pod): void;
  remove(pod: Pod): void;
  onError(error: unknown): void;
}

export interface WatchedPods {
  /** Resolves once all pods have been read. */
  synced: Promise<void>;
  /** Of all pods there are. */
  uids(): ReadonlySet<string>;
}

/** Runs until `signal` aborts. */
export function watchPods(options: WatchPodsOptions, signal: AbortSignal): WatchedPods {
  const { client, clock, nodeName, update, remove, onError } = options;
  const informer = new Informer<Pod>({
    client,
    resource: podResource,
    clock,
    ...(nodeName && { fieldSelector: `spec.nodeName=${nodeName}` }),
    onError,
  });
  const given = (pod: Pod) => {
    if (pod.spec.nodeName) update(pod);
  };
  informer.listen({
    add: given,
    update: given,
    delete: (pod) => {
      if (pod.spec.nodeName) remove(pod);
    },
  });
  void informer.run(signal);
  return { synced: informer.synced, uids: () => new Set(informer.list().map(uidOf)) };
}

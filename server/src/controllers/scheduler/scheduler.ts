/** Gives every waiting pod a node. */
// Like pkg/scheduler. Decisions are made one after another in memory; writing them down happens beside.
import { keyOf } from '@naru/api/client/object-cache';
import type { KubeObject, LabelSelector } from '@naru/api/object';
import { isConflict, isNotFound } from '@naru/api/status';
import type { Node } from '../node-lifecycle/node.ts';
import {
  claimKeysOf,
  podsByClaim,
  type PersistentVolume,
  type StorageClass,
  type VolumeClaim,
} from '../persistent-volume/volume.ts';
import { conditionOf, withCondition, type Condition } from '../runtime/condition.ts';
import type { Controller, ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { selectorMatches } from '../runtime/label-selector.ts';
import { isFinished, isTerminating, type Pod } from '../runtime/pod.ts';
import {
  namespaces,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  pods,
  storageClasses,
} from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { ClusterState } from './cluster-state.ts';
import { failureMessage } from './failure-message.ts';
import { claimsOf, decideVolumes } from './filters/volume-binding.ts';
import type { Surroundings } from './framework.ts';
import { podFacts, type NodeInfo } from './node-info.ts';
import { Nominations } from './nominations.ts';
import { PodQueue } from './pod-queue.ts';
import { preempt, type Budget, type Victims } from './preemption.ts';
import { schedulePod } from './schedule-pod.ts';
import { VolumeBinder } from './volume-binder.ts';

const schedulerName = 'default-scheduler';
/** Milliseconds of deciding before others get the event loop. */
const longestTurn = 8;
const mostInTurn = 64;
/** Bindings on their way to the server. */
const mostBindings = 256;

export const scheduler: Controller = {
  name: 'kube-scheduler',
  user: 'system:kube-scheduler',
  component: schedulerName,
  setup: (context) => new Scheduler(context).setup(),
};

interface DisruptionBudget extends KubeObject {
  spec?: { selector?: LabelSelector };
  status?: { disruptionsAllowed?: number };
}

interface Failure {
  /** Of the queue, as they were when the pod was looked at. */
  changes: number;
  nominatedNodeName?: string;
  reason?: 'Unschedulable' | 'SchedulerError';
}

class Scheduler {
  readonly #context: ControllerContext;
  readonly #state = new ClusterState();
  readonly #nominations = new Nominations();
  readonly #queue: PodQueue;
  readonly #volumes: VolumeBinder;
  #running = false;
  #turnPlanned = false;
  #bindings = 0;
  #start = 0;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#volumes = new VolumeBinder(context);
    this.#queue = new PodQueue({ clock: context.clock, onReady: () => this.#planTurn() });
    context.signal.addEventListener(
      'abort',
      () => {
        this.#running = false;
        this.#queue.stop();
      },
      { once: true },
    );
  }

  setup(): () => void {
    const { informers } = this.#context;
    informers.for<Node>(nodes).listen({
      add: (node) => this.#nodeChanged(node),
      update: (node, old) => this.#nodeChanged(node, old),
      delete: ({ metadata }) => this.#state.removeNode(metadata.name ?? ''),
    });
    informers.for<Pod>(pods).listen({
      add: (pod) => this.#podSeen(pod),
      update: (pod, old) => this.#podSeen(pod, old),
      delete: (pod) => this.#podGone(pod),
    });
    informers.for<Pod>(pods).addIndex(podsByClaim, claimKeysOf);
    const changed = () => {
      this.#queue.changed();
      this.#volumes.changed();
    };
    const mayHelp = { add: changed, update: changed, delete: () => this.#volumes.changed() };
    for (const resource of [persistentVolumeClaims, persistentVolumes, storageClasses]) {
      if (this.#isServed(resource.plural)) informers.for(resource).listen(mayHelp);
    }
    if (this.#isServed(podDisruptionBudgets.plural)) informers.for(podDisruptionBudgets);
    informers.for(namespaces);
    return () => {
      this.#running = true;
      this.#planTurn();
    };
  }

  #isServed(plural: string): boolean {
    return this.#context.config.catalog.list().some((resource) => resource.plural === plural);
  }

  #nodeChanged(node: Node, old?: Node): void {
    this.#state.setNode(node);
    // Heartbeats help nobody.
    const telling = ({ metadata, spec, status }: Node) => [
      metadata.labels,
      spec?.unschedulable,
      spec?.taints,
      status?.allocatable,
    ];
    if (!old || !equalJson(telling(node), telling(old))) this.#queue.changed();
  }

  #podSeen(pod: Pod, old?: Pod): void {
    const key = keyOf(pod);
    const uid = pod.metadata.uid ?? '';
    if (isFinished(pod)) return this.#podGone(pod);
    const { nodeName } = pod.spec;
    if (nodeName) {
      this.#queue.remove(key);
      this.#nominations.remove(uid);
      const moved = this.#state.placeOf(uid) !== nodeName;
      const relabelled = !equalJson(old?.metadata.labels, pod.metadata.labels);
      this.#state.place(pod, nodeName);
      if ((moved || relabelled) && !isTerminating(pod)) this.#queue.changed();
      return;
    }
    if (pod.spec.schedulerName !== undefined && pod.spec.schedulerName !== schedulerName) return;
    if (isTerminating(pod) || pod.spec.schedulingGates?.length) return this.#queue.remove(key);
    // A status written by ourselves is no reason to try again.
    const same =
      old && equalJson([old.spec, old.metadata.labels], [pod.spec, pod.metadata.labels]) && old.metadata.uid === uid;
    // One that was placed waits for its volumes or for the binding to be written.
    if (!same && this.#state.placeOf(uid) === undefined) this.#queue.add(key, pod.spec.priority ?? 0);
  }

  #podGone(pod: Pod): void {
    const uid = pod.metadata.uid ?? '';
    this.#queue.remove(keyOf(pod));
    const nominated = this.#nominations.remove(uid);
    const placed = this.#state.placeOf(uid) !== undefined;
    this.#state.remove(uid);
    if (placed || nominated) this.#queue.changed();
  }

  #planTurn(): void {
    if (!this.#running || this.#turnPlanned || this.#bindings >= mostBindings || this.#queue.isEmpty) return;
    this.#turnPlanned = true;
    setImmediate(() => {
      this.#turnPlanned = false;
      this.#turn();
    });
  }

  #turn(): void {
    const { clock } = this.#context;
    const end = clock.now() + longestTurn;
    for (let tried = 0; tried < mostInTurn && clock.now() <= end && this.#bindings < mostBindings; tried++) {
      const key = this.#running ? this.#queue.next() : undefined;
      if (key === undefined) return;
      const pod = this.#context.informers.for<Pod>(pods).get(key);
      if (pod && !pod.spec.nodeName && !isTerminating(pod)) this.#schedule(key, pod);
    }
    this.#planTurn();
  }

  #surroundings(): Surroundings {
    const { informers } = this.#context;
    const found = <T extends KubeObject>(resource: typeof pods, key: string): T | undefined =>
      informers.find(resource)?.get(key) as T | undefined;
    return {
      nodes: this.#state.nodes,
      hasAffinity: this.#state.hasAffinity,
      hasRequiredAntiAffinity: this.#state.hasRequiredAntiAffinity,
      labelsOfNamespace: (name) => found(namespaces, name)?.metadata.labels,
      claim: (namespace, name) => found<VolumeClaim>(persistentVolumeClaims, `${namespace}/${name}`),
      volume: (name) => found<PersistentVolume>(persistentVolumes, name),
      volumes: () => (informers.find(persistentVolumes)?.list() ?? []) as unknown as PersistentVolume[],
      storageClass: (name) => found<StorageClass>(storageClasses, name),
      promisedVolumes: this.#volumes.promisedVolumes,
      promisedNode: (claim) => this.#volumes.promisedNode(claim),
      placeOf: (uid) => this.#state.placeOf(uid),
      podsUsing: (claim) =>
        informers
          .for<Pod>(pods)
          .byIndex(podsByClaim, claim)
          .map(({ metadata }) => metadata.uid ?? '')
          .filter((uid) => this.#state.placeOf(uid) !== undefined),
    };
  }

  #schedule(key: string, pod: Pod): void {
    const facts = podFacts(pod);
    const changes = this.#queue.changes;
    const surroundings = this.#surroundings();
    if (surroundings.nodes.length === 0) {
      void this.#fail(key, pod, 'no nodes available to schedule pods', { changes });
      return;
    }
    const outcome = schedulePod(facts, {
      surroundings,
      start: this.#start,
      random: Math.random,
      nominated: this.#state.node(this.#nominations.nodeOf(facts.uid) ?? pod.status?.nominatedNodeName ?? ''),
      expected: (node) => this.#nominations.expected(node, facts),
    });
    if ('node' in outcome) {
      this.#start = (this.#start + 1) % surroundings.nodes.length;
      this.#state.place(pod, outcome.node.name, facts);
      this.#nominations.remove(facts.uid);
      void this.#settle(key, pod, outcome.node, surroundings);
      return;
    }
    const { refusals, impossible } = outcome;
    const told = (after: string) =>
      failureMessage(surroundings.nodes.length, { impossible, refusals: refusals.values(), after });
    // Upstream's plugin for device claims has seen nothing of such a pod, and says so.
    if (impossible !== undefined) return void this.#fail(key, pod, told('not found'), { changes });
    const made = preempt(facts, refusals, surroundings, this.#budgets(pod.metadata.namespace));
    if ('message' in made) {
      void this.#fail(key, pod, told(`no new claims to deallocate, ${made.message}`), { changes });
      return;
    }
    const { victims } = made;
    this.#nominations.add(facts, victims.node.name);
    void this.#evict(pod, victims)
      .catch((error: unknown) => this.#context.log.error({ err: error, key }, 'preemption failed'))
      .then(() => this.#fail(key, pod, told(''), { changes, nominatedNodeName: victims.node.name }));
  }

  #budgets(namespace: string | undefined): Budget[] {
    const all = this.#context.informers.find(podDisruptionBudgets)?.list() ?? [];
    return (all as unknown as DisruptionBudget[])
      .filter(({ metadata }) => metadata.namespace === namespace)
      .map(({ metadata, spec, status }) => ({
        disruptionsAllowed: status?.disruptionsAllowed ?? 0,
        matches: (pod) =>
          pod.metadata.namespace === metadata.namespace && selectorMatches(spec?.selector, pod.metadata.labels),
      }));
  }

  /** Has the pod's claims get their volumes, if it waits for any, and binds it. */
  async #settle(key: string, pod: Pod, node: NodeInfo, surroundings: Surroundings): Promise<void> {
    const claims = claimsOf(pod, surroundings);
    const open = claims && 'open' in claims ? claims.open : [];
    const decisions = open.length ? decideVolumes(open, node, surroundings) : undefined;
    if (!decisions) return this.#bind(key, pod, node);
    const takeBack = this.#volumes.promise(decisions, node.name);
    const { changes } = this.#queue;
    try {
      await this.#volumes.bind(pod, decisions, node);
    } catch (error) {
      this.#unbind(pod);
      const message = `running PreBind plugin "VolumeBinding": binding volumes: ${(error as Error).message}`;
      if (this.#running) await this.#fail(key, pod, message, { changes, reason: 'SchedulerError' });
      return;
    } finally {
      takeBack();
    }
    await this.#bind(key, pod, node);
  }

  async #bind(key: string, pod: Pod, node: NodeInfo): Promise<void> {
    this.#bindings++;
    const { client, events, log } = this.#context;
    const { name = '', namespace, uid } = pod.metadata;
    try {
      const binding = {
        apiVersion: 'v1',
        kind: 'Binding',
        metadata: { name, ...(namespace && { namespace }), ...(uid && { uid }) },
        target: { kind: 'Node', name: node.name },
      };
      await client.for(pods).createSubresource(name, namespace, 'binding', binding);
      const message = `Successfully assigned ${key} to ${node.name}`;
      events.action(pod, pods, { type: 'Normal', reason: 'Scheduled', action: 'Binding', message });
    } catch (error) {
      this.#unbind(pod);
      if (isNotFound(error) || isConflict(error)) this.#queue.remove(key);
      else {
        log.error({ err: error, key }, 'binding failed');
        this.#queue.errored(key);
      }
    } finally {
      this.#bindings--;
      this.#planTurn();
    }
  }

  /** Takes back a decision that could not be written down, unless the pod has come to stand somewhere meanwhile. */
  #unbind(pod: Pod): void {
    if (this.#context.informers.for<Pod>(pods).get(keyOf(pod))?.spec.nodeName) return;
    this.#state.remove(pod.metadata.uid ?? '');
    this.#queue.changed();
  }

  async #fail(
    key: string,
    pod: Pod,
    message: string,
    { changes, nominatedNodeName, reason = 'Unschedulable' }: Failure,
  ): Promise<void> {
    const { client, events, clock } = this.#context;
    const reported = { type: 'Warning', reason: 'FailedScheduling', action: 'Scheduling', message } as const;
    events.action(pod, pods, reported);
    this.#queue.failed(key, changes);
    const { name = '', namespace, uid, generation } = pod.metadata;
    const condition: Condition = {
      type: 'PodScheduled',
      status: 'False',
      reason,
      message,
      lastProbeTime: null,
      lastTransitionTime: lastChange(pod, clock.now()),
      ...(generation && { observedGeneration: generation }),
    };
    const known = conditionOf(pod.status?.conditions, 'PodScheduled');
    const nominated = nominatedNodeName ?? pod.status?.nominatedNodeName;
    if (equalJson(known, condition) && nominated === pod.status?.nominatedNodeName) return;
    const status = { conditions: [condition], ...(nominated && { nominatedNodeName: nominated }) };
    try {
      const body = { metadata: { uid }, status };
      await client.for<Pod>(pods).patch(name, namespace, body, { type: 'strategic', subresource: 'status' });
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error))
        this.#context.log.error({ err: error, key }, 'condition not written');
    }
  }

  /** Asks the victims to go, and says to each for whom. */
  async #evict(preemptor: Pod, { node, pods: victims }: Victims): Promise<void> {
    const { client, events, clock } = this.#context;
    const all = client.for<Pod>(pods);
    await Promise.all(
      victims.map(async ({ pod }) => {
        const { name = '', namespace, uid, generation } = pod.metadata;
        if (isTerminating(pod)) return;
        const conditions = withCondition(pod.status?.conditions, {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'PreemptionByScheduler',
          message: `${schedulerName}: preempting to accommodate a higher priority pod`,
          lastProbeTime: null,
          lastTransitionTime: timestamp(clock.now()),
          ...(generation && { observedGeneration: generation }),
        });
        try {
          const body = { metadata: { uid }, status: { conditions: conditions.slice(-1) } };
          await all.patch(name, namespace, body, { type: 'strategic', subresource: 'status' });
          await all.delete(name, namespace, { preconditions: { ...(uid && { uid }) } });
        } catch (error) {
          if (!isNotFound(error)) throw error;
        }
        events.action(pod, pods, {
          type: 'Normal',
          reason: 'Preempted',
          action: 'Preempting',
          message: `Preempted by pod ${preemptor.metadata.uid} on node ${node.name}`,
        });
      }),
    );
  }
}

/** A condition keeps its time while its status stays. */
function lastChange(pod: Pod, now: number): string {
  const known = conditionOf(pod.status?.conditions, 'PodScheduled');
  return known?.status === 'False' && known.lastTransitionTime ? known.lastTransitionTime : timestamp(now);
}

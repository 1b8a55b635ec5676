/** Apps that are rolled out, scaled and removed, and machines that go and come back, as a cluster's controllers and agents would have it. */
import type { ResourceRef } from '@naru/api/client/client';
import type { AnyObject, KubeObject } from '@naru/api/object';
import * as resources from '../../runtime/resources.ts';
import type { SmallCluster } from './small-cluster.ts';

const namespace = 'shop';
const startsIn = 2;
const readyIn = 5;
const endsIn = 3;
const graceSeconds = 30;

export type Fault = 'crash' | 'out-of-memory' | 'bad-image' | 'pulling' | 'never-ready';

interface AppState {
  replicas: number;
  image: string;
  revision: number;
  fault: Fault | undefined;
  limit: string | undefined;
  changedAt: string;
}

interface PodState {
  name: string;
  app: string;
  set: string;
  node: string;
  image: string;
  fault: Fault | undefined;
  limit: string | undefined;
  bornAt: number;
  goneAt?: number;
  restarts: number;
  restartedAt?: number;
  ready?: boolean;
  readyChangedAt: string;
}

/** Every call of `tick` is one second of their lives. */
export class AppsAndMachines {
  readonly #cluster: SmallCluster;
  readonly #apps = new Map<string, AppState>();
  readonly #pods = new Map<string, PodState>();
  readonly #machines = new Map<
    string,
    { answers: boolean; lastHeard: number; ready: string; changedAt: string; cordoned: boolean }
  >();
  #names = 0;

  constructor(cluster: SmallCluster) {
    this.#cluster = cluster;
  }

  addMachine(name: string): void {
    const now = this.#cluster.clock.now();
    this.#machines.set(name, {
      answers: true,
      lastHeard: now,
      ready: 'True',
      changedAt: this.#cluster.time(),
      cordoned: false,
    });
  }

  /** Its agent falls silent, or speaks again; what ran on it is started anew then. */
  setMachine(name: string, change: { answers?: boolean; cordoned?: boolean }): void {
    const machine = this.#machines.get(name)!;
    if (change.answers === true && !machine.answers)
      for (const pod of this.#on(name))
        Object.assign(pod, { restarts: pod.restarts + 1, restartedAt: this.#cluster.clock.now() });
    Object.assign(machine, change);
  }

  /** Somebody runs it, or changes it. */
  apply(name: string, wanted: { replicas?: number; image?: string; fault?: Fault | undefined; limit?: string }): void {
    const old = this.#apps.get(name);
    const next = {
      replicas: 1,
      image: 'app:1',
      fault: undefined,
      limit: undefined,
      revision: 0,
      ...old,
      ...wanted,
      changedAt: this.#cluster.time(),
    };
    const isNewTemplate = !old || old.image !== next.image || old.fault !== next.fault || old.limit !== next.limit;
    this.#apps.set(name, { ...next, revision: next.revision + (isNewTemplate ? 1 : 0) });
  }

  /** Its instances behave so from now on though nobody changed anything. */
  break(name: string, fault: Fault | undefined): void {
    for (const pod of this.#pods.values()) if (pod.app === name) pod.fault = fault;
  }

  delete(name: string): void {
    this.#apps.delete(name);
    for (const pod of this.#of(name)) this.#end(pod);
    for (const set of this.#sets(name)) this.#cluster.remove(resources.replicaSets, `${namespace}/${set}`);
    this.#cluster.remove(resources.deployments, `${namespace}/${name}`);
  }

  deletePod(app: string): void {
    const [pod] = this.#of(app);
    if (pod) this.#end(pod);
  }

  tick(): void {
    for (const [name, machine] of this.#machines) this.#tickMachine(name, machine);
    for (const [name, app] of this.#apps) this.#rollOut(name, app);
    for (const pod of [...this.#pods.values()]) this.#tickPod(pod);
    for (const [name, app] of this.#apps) this.#report(name, app);
  }

  #of = (app: string) => [...this.#pods.values()].filter((pod) => pod.app === app && pod.goneAt === undefined);
  #on = (node: string) => [...this.#pods.values()].filter((pod) => pod.node === node);
  #sets = (app: string) =>
    this.#cluster
      .kind(resources.replicaSets)
      .list()
      .map(({ metadata }) => metadata.name!)
      .filter((set) => set.startsWith(`${app}-rs`));

  #end(pod: PodState): void {
    pod.goneAt = this.#cluster.clock.now() + endsIn * 1000;
  }

  #tickMachine(
    name: string,
    machine: { answers: boolean; lastHeard: number; ready: string; changedAt: string; cordoned: boolean },
  ): void {
    const now = this.#cluster.clock.now();
    if (machine.answers) machine.lastHeard = now;
    const ready = now - machine.lastHeard >= 40_000 ? 'Unknown' : 'True';
    if (ready !== machine.ready) Object.assign(machine, { ready, changedAt: this.#cluster.time() });
    const conditions = [{ type: 'Ready', status: ready, lastTransitionTime: machine.changedAt }];
    const status = { allocatable: { cpu: '4', memory: '8Gi' }, conditions };
    const spec = machine.cordoned ? { unschedulable: true } : {};
    this.#putIfNew(resources.nodes, { metadata: { name }, spec, status } as KubeObject);
  }

  /** One instance more than wanted at most, none less: as a rolling update does. */
  #rollOut(name: string, app: AppState): void {
    const set = `${name}-rs${app.revision}`;
    const all = this.#of(name);
    const fresh = all.filter((pod) => pod.set === set);
    const stale = all.filter((pod) => pod.set !== set);
    const ready = all.filter((pod) => pod.ready).length;
    if (app.replicas < all.length && stale.length === 0) for (const pod of fresh.slice(app.replicas)) this.#end(pod);
    // What is not ready serves nobody and may go first.
    for (const pod of stale) if (!pod.ready || ready > app.replicas) return this.#end(pod);
    const most = app.replicas + (stale.length ? 1 : 0);
    for (let count = all.length; count < most && fresh.length + count - all.length < app.replicas; count++)
      this.#begin(name, set, app);
  }

  #begin(name: string, set: string, app: AppState): void {
    const open = [...this.#machines]
      .filter(([, { ready, cordoned }]) => ready === 'True' && !cordoned)
      .map(([machine]) => machine);
    const pod: PodState = {
      name: `${set}-${++this.#names}`,
      ...{ app: name, set, image: app.image, fault: app.fault, limit: app.limit },
      node: open[this.#names % Math.max(1, open.length)] ?? '',
      bornAt: this.#cluster.clock.now(),
      restarts: 0,
      readyChangedAt: this.#cluster.time(),
    };
    this.#pods.set(pod.name, pod);
  }

  #tickPod(pod: PodState): void {
    const now = this.#cluster.clock.now();
    if (pod.goneAt !== undefined && now >= pod.goneAt) {
      this.#pods.delete(pod.name);
      return this.#cluster.remove(resources.pods, `${namespace}/${pod.name}`);
    }
    const age = (now - (pod.restartedAt ?? pod.bornAt)) / 1000;
    const isHeard = this.#machines.get(pod.node)?.ready === 'True';
    const fails = pod.fault === 'crash' || pod.fault === 'out-of-memory';
    if (fails && isHeard && age >= startsIn) {
      // Later and later, as a kubelet does.
      const pause = Math.min(300, pod.restarts === 0 ? 1 : 10 * 2 ** (pod.restarts - 1));
      if (age >= startsIn + pause) Object.assign(pod, { restarts: pod.restarts + 1, restartedAt: now });
    }
    const ready = isHeard && pod.fault === undefined && age >= readyIn && pod.goneAt === undefined;
    if (ready !== (pod.ready ?? false)) Object.assign(pod, { ready, readyChangedAt: this.#cluster.time() });
    this.#putIfNew(resources.pods, this.#podObject(pod, age));
  }

  #podObject(pod: PodState, age: number): KubeObject {
    const { name, app, set, node, image, limit, goneAt } = pod;
    const deletionTimestamp =
      goneAt === undefined ? {} : { deletionTimestamp: isoOf(goneAt + (graceSeconds - endsIn) * 1000) };
    const container = {
      name: 'main',
      image,
      resources: limit ? { limits: { memory: limit }, requests: { memory: limit } } : {},
    };
    return {
      metadata: {
        ...{ name, namespace, labels: { app }, ...deletionTimestamp },
        ownerReferences: [
          owner(
            'ReplicaSet',
            set,
            this.#cluster.kind(resources.replicaSets).get(`${namespace}/${set}`)?.metadata.uid ?? set,
          ),
        ],
      },
      spec: { nodeName: node, restartPolicy: 'Always', containers: [container] },
      status: {
        phase: age < startsIn && pod.restarts === 0 ? 'Pending' : 'Running',
        conditions: [{ type: 'Ready', status: pod.ready ? 'True' : 'False', lastTransitionTime: pod.readyChangedAt }],
        containerStatuses: [
          { name: 'main', image, ready: pod.ready ?? false, restartCount: pod.restarts, ...this.#states(pod, age) },
        ],
      },
    } as KubeObject;
  }

  #states(pod: PodState, age: number): object {
    const began = pod.restartedAt ?? pod.bornAt;
    const end = (exitCode: number, reason: string, at: number) => ({
      terminated: { exitCode, reason, finishedAt: isoOf(at) },
    });
    const [code, reason] =
      pod.fault === 'out-of-memory' ? [137, 'OOMKilled'] : pod.fault === 'crash' ? [3, 'Error'] : [255, 'Unknown'];
    const lastState = pod.restarts > 0 ? { lastState: end(code, reason, began - 1000) } : {};
    if (pod.fault === 'bad-image')
      return {
        state: { waiting: { reason: age < 4 ? 'ErrImagePull' : 'ImagePullBackOff', message: 'manifest unknown' } },
      };
    if (pod.fault === 'pulling' || age < startsIn)
      return { state: { waiting: { reason: 'ContainerCreating' } }, ...lastState };
    if (pod.fault === 'crash' || pod.fault === 'out-of-memory')
      return pod.restarts === 0
        ? { state: end(code, reason, began + startsIn * 1000) }
        : { state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: end(code, reason, began + startsIn * 1000) };
    return { state: { running: { startedAt: isoOf(began + startsIn * 1000) } }, ...lastState };
  }

  #report(name: string, app: AppState): void {
    const { replicas, revision, image, changedAt } = app;
    const deployment = this.#putIfNew(resources.deployments, {
      metadata: { name, namespace, generation: 1, managedFields: [{ manager: 'kubectl', time: changedAt }] },
      spec: {
        replicas,
        selector: { matchLabels: { app: name } },
        template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image }] } },
      },
      status: {
        observedGeneration: 1,
        updatedReplicas: this.#of(name).filter(({ set }) => set === `${name}-rs${revision}`).length,
      },
    } as KubeObject);
    for (let number = 1; number <= revision; number++)
      this.#putIfNew(resources.replicaSets, {
        metadata: {
          ...{
            name: `${name}-rs${number}`,
            namespace,
            annotations: { 'deployment.kubernetes.io/revision': String(number) },
          },
          ownerReferences: [owner('Deployment', name, deployment.metadata.uid ?? '')],
        },
      });
  }

  /** Nobody hears of what has not changed. */
  #putIfNew(ref: ResourceRef, object: KubeObject): AnyObject {
    const { name = '', namespace: inside } = object.metadata;
    const present = this.#cluster.kind(ref).get(inside ? `${inside}/${name}` : name);
    const { uid: _uid, creationTimestamp: _created, ...metadata } = present?.metadata ?? {};
    if (present && JSON.stringify({ ...present, metadata }) === JSON.stringify(object)) return present;
    return this.#cluster.put(ref, object);
  }
}

const owner = (kind: string, name: string, uid: string) => ({
  apiVersion: 'apps/v1',
  kind,
  name,
  uid,
  controller: true,
});
const isoOf = (milliseconds: number) => new Date(milliseconds).toISOString().replace(/\.\d+Z$/, 'Z');

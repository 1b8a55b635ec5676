/** The cluster as the rules see it: informers, and what makes a view of an app, machine or autoscaler from them. */
import type { Clock } from '@naru/api/clock';
import type { ResourceRef } from '@naru/api/client/client';
import type { Informer } from '@naru/api/client/informer';
import type { KubeObject } from '@naru/api/object';
import type { ControllerContext } from '../runtime/define-controller.ts';
import { conditionOf } from '../runtime/condition.ts';
import { controllerOf } from '../runtime/owners.ts';
import { controlledBy, indexByController } from '../runtime/pods-by-controller.ts';
import * as resources from '../runtime/resources.ts';
import { channelName, notificationChannels, type NotificationChannel } from './notify/channel.ts';
import { appKey, appOfPod, appOfWorkload, autoscalerKey, channelKey, machineKey, type Key } from './subjects.ts';
import { appView, type AppSubject, type AppView, type Workload } from './views/app.ts';
import type { AutoscalerView } from './views/autoscaler.ts';
import { Exits } from './views/exits.ts';
import { Losses } from './views/losses.ts';
import type { MachineView, NodeFigures } from './views/machine.ts';
import { isFinished, isGoing, isPartlyStopped, isReady, type Pod } from './views/pod.ts';
import { roomOn, type Node, type Room } from './views/room.ts';
import type { Job, ScheduleFields, TaskView } from './views/task.ts';

const autoscalers: ResourceRef = {
  group: 'autoscaling',
  version: 'v2',
  kind: 'HorizontalPodAutoscaler',
  plural: 'horizontalpodautoscalers',
  scope: 'Namespaced',
};

const followed: readonly ResourceRef[] = [
  resources.deployments,
  resources.replicaSets,
  resources.statefulSets,
  resources.daemonSets,
  resources.replicationControllers,
  resources.jobs,
  resources.cronJobs,
];

const podsByNode = 'node';
const roomKeptFor = 5_000;
const revision = 'deployment.kubernetes.io/revision';

const hasNodeCondition = ({ status }: Node, ready: string): boolean =>
  conditionOf(status?.conditions, 'Ready')?.status === ready;

export class Observed {
  readonly #pods: Informer<Pod>;
  readonly #nodes: Informer<Node>;
  readonly #autoscalers: Informer<AutoscalerView> | undefined;
  readonly #channels: Informer<NotificationChannel>;
  /** Of the kinds that are served, by kind. */
  readonly #workloads = new Map<string, Informer<Workload>>();
  readonly #exits = new Exits();
  readonly #losses = new Losses();
  #room: { at: number; room: Room } | undefined;
  readonly #clock: Clock;
  readonly #figures: NodeFigures | undefined;

  constructor({ informers, config, clock }: ControllerContext, figures: NodeFigures | undefined) {
    this.#clock = clock;
    this.#figures = figures;
    this.#pods = informers.for<Pod>(resources.pods);
    this.#nodes = informers.for<Node>(resources.nodes);
    this.#channels = informers.for<NotificationChannel>(notificationChannels);
    // A kind that nobody serves would be waited for, and nothing would ever be looked at.
    const isServed = (ref: ResourceRef) =>
      config.catalog.list().some(({ group, plural }) => group === ref.group && plural === ref.plural);
    for (const ref of followed.filter(isServed)) this.#workloads.set(ref.kind, informers.for<Workload>(ref));
    this.#autoscalers = isServed(autoscalers) ? informers.for<AutoscalerView>(autoscalers) : undefined;
    indexByController(this.#pods);
    for (const informer of this.#workloads.values()) indexByController(informer);
    this.#pods.addIndex(podsByNode, ({ spec }) => (spec.nodeName ? [spec.nodeName] : []));
  }

  /** Calls `changed` with the key of whatever an event is about. */
  listen(changed: (key: Key) => void): void {
    const about = <T extends KubeObject>(informer: Informer<T>, keyOf: (object: T) => Key) =>
      informer.listen({
        add: (object) => changed(keyOf(object)),
        update: (object) => changed(keyOf(object)),
        delete: (object) => changed(keyOf(object)),
      });
    about(this.#pods, (pod) => appKey(this.appOf(pod)));
    this.#pods.listen({
      update: (pod, old) => this.#noteLoss(pod, old),
      delete: ({ metadata }) => this.#exits.forget(metadata.uid ?? ''),
    });
    this.#nodes.listen({
      update: (node, old) => {
        if (hasNodeCondition(old, 'True') && !hasNodeCondition(node, 'True'))
          this.#losses.note(machineKey(node.metadata.name ?? ''), this.#clock.now());
      },
    });
    about(this.#nodes, ({ metadata }) => machineKey(metadata.name ?? ''));
    about(this.#channels, (channel) => channelKey(channelName(channel)));
    for (const [kind, informer] of this.#workloads) about(informer, (object) => appKey(appOfWorkload(kind, object)));
    if (this.#autoscalers)
      about(this.#autoscalers, ({ metadata }) => autoscalerKey(metadata.namespace ?? '', metadata.name ?? ''));
  }

  /** What goes, what somebody stopped, and what a machine takes with it, does not count. */
  #noteLoss(pod: Pod, old: Pod): void {
    if (!isReady(old) || isReady(pod) || isGoing(pod) || isFinished(pod) || isPartlyStopped(pod)) return;
    const node = this.#nodes.get(pod.spec.nodeName ?? '');
    if (node && hasNodeCondition(node, 'True')) this.#losses.note(appKey(this.appOf(pod)), this.#clock.now());
  }

  appOf(pod: KubeObject): AppSubject {
    return appOfPod(pod, { replicaSets: this.#workloads.get('ReplicaSet'), jobs: this.#workloads.get('Job') });
  }

  /** Undefined when neither it nor any pod of it is there. */
  app(subject: AppSubject, now: number): AppView | undefined {
    const pods = this.#podsOf(subject);
    const { kind, namespace, name } = subject;
    // A pod that nobody owns is what somebody wrote, itself.
    const workload = kind === 'Pod' ? pods[0] : this.#workloads.get(kind)?.get(`${namespace}/${name}`);
    if (pods.length === 0 && !workload) return undefined;
    // A pod was seen before the one that owns its owner: it belongs to that one.
    if (workload && kind !== 'Pod' && appOfWorkload(kind, workload).kind !== kind) return undefined;
    const view = appView({
      subject,
      previousRevision: kind === 'Deployment' && workload ? this.#previousRevision(workload) : undefined,
      losses: this.#losses.count(appKey(subject), now),
      workload: workload as Workload | undefined,
      pods,
      exitsOf: (pod, container) => this.#exits.of(pod, container, now),
      room: () => this.#roomAt(now),
    });
    for (const pod of view.troubled) this.#exits.observe(pod, now);
    return view;
  }

  /** Reckoned anew at most every few seconds: it goes through all pods there are, and many apps may ask. */
  #roomAt(now: number): Room {
    if (!this.#room || now - this.#room.at >= roomKeptFor || now < this.#room.at)
      this.#room = { at: now, room: roomOn(this.#nodes.list(), (node) => this.#pods.byIndex(podsByNode, node)) };
    return this.#room.room;
  }

  /** Of a Deployment: the highest revision but one among those that are kept. */
  #previousRevision({ metadata }: KubeObject): string | undefined {
    const sets = this.#workloads.get('ReplicaSet');
    const revisions = (sets ? controlledBy(sets, metadata.uid) : [])
      .map((set) => Number(set.metadata.annotations?.[revision] ?? 0))
      .filter((number) => number > 0)
      .sort((a, b) => b - a);
    return revisions[1] === undefined ? undefined : String(revisions[1]);
  }

  podsIn(namespace: string): Pod[] {
    return this.#pods.inNamespace(namespace);
  }

  /** What somebody wrote to have instances, with the subject that it is an app by. */
  workloadsIn(namespace: string): { subject: AppSubject; workload: Workload }[] {
    return [...this.#workloads].flatMap(([kind, informer]) =>
      kind === 'Job' || kind === 'CronJob'
        ? []
        : informer
            .inNamespace(namespace)
            .filter((workload) => !controllerOf(workload))
            .map((workload) => ({ subject: { kind, namespace, name: workload.metadata.name ?? '' }, workload })),
    );
  }

  /** Keys of what the time alone may bring trouble to. */
  timed(): Key[] {
    const schedules = this.#workloads.get('CronJob')?.list() ?? [];
    const tasks = (this.#workloads.get('Job')?.list() ?? []).filter(({ status }) => (status?.active ?? 0) > 0);
    const measured = this.#figures ? this.#nodes.list() : [];
    return [
      ...schedules.map((object) => appKey(appOfWorkload('CronJob', object))),
      ...tasks.map((object) => appKey(appOfWorkload('Job', object))),
      ...measured.map(({ metadata }) => machineKey(metadata.name ?? '')),
    ];
  }

  machine(name: string, now: number): MachineView | undefined {
    const node = this.#nodes.get(name);
    if (!node) return undefined;
    const pods = () => this.#pods.byIndex(podsByNode, name);
    const appsThere = () => new Set(pods().map((pod) => appKey(this.appOf(pod)))).size;
    const isDrained = () =>
      node.spec?.unschedulable === true &&
      pods().every((pod) => isFinished(pod) || controllerOf(pod)?.kind === 'DaemonSet');
    return {
      name,
      node,
      figures: this.#figures?.of(name),
      losses: this.#losses.count(machineKey(name), now),
      get apps() {
        return appsThere();
      },
      get isDrained() {
        return isDrained();
      },
    };
  }

  autoscaler(namespace: string, name: string): AutoscalerView | undefined {
    return this.#autoscalers?.get(`${namespace}/${name}`);
  }

  channel(name: string): NotificationChannel | undefined {
    return this.#channels.get(name);
  }

  /** Undefined for what is no task. */
  task({ kind, namespace, name }: AppSubject): TaskView | undefined {
    if (kind !== 'Job' && kind !== 'CronJob') return undefined;
    const all = this.#workloads.get('Job')?.inNamespace(namespace) ?? [];
    const jobs = all.filter((job) => {
      const owner = controllerOf(job);
      return kind === 'Job' ? !owner && job.metadata.name === name : owner?.kind === kind && owner.name === name;
    });
    const schedule = kind === 'CronJob' ? this.#workloads.get(kind)?.get(`${namespace}/${name}`) : undefined;
    const pods = this.#podsOf({ kind, namespace, name });
    return {
      kind,
      namespace,
      name,
      jobs: jobs as Job[],
      failedPods: pods.filter(({ status }) => status?.phase === 'Failed'),
      schedule: schedule as ScheduleFields | undefined,
    };
  }

  /** The machine that an instance runs on. */
  machineOf(namespace: string, pod: string): string | undefined {
    return this.#pods.get(`${namespace}/${pod}`)?.spec.nodeName;
  }

  pod(namespace: string, name: string): Pod | undefined {
    return this.#pods.get(`${namespace}/${name}`);
  }

  #podsOf({ kind, namespace, name }: AppSubject): Pod[] {
    const key = `${namespace}/${name}`;
    if (kind === 'Pod') {
      const pod = this.#pods.get(key);
      return pod && !controllerOf(pod) ? [pod] : [];
    }
    const workload = this.#workloads.get(kind)?.get(key);
    const parts = partsOf(kind);
    if (workload && !parts) return controlledBy(this.#pods, workload.metadata.uid);
    const informer = parts && this.#workloads.get(parts);
    if (workload && informer)
      return controlledBy(informer, workload.metadata.uid).flatMap(({ metadata }) =>
        controlledBy(this.#pods, metadata.uid),
      );
    // Owned by a kind that is not followed, or by what is gone.
    return this.#pods.inNamespace(namespace).filter((pod) => {
      const app = this.appOf(pod);
      return app.kind === kind && app.name === name;
    });
  }
}

/** The kind through which a kind owns its pods. */
function partsOf(kind: string): string | undefined {
  if (kind === 'Deployment') return 'ReplicaSet';
  return kind === 'CronJob' ? 'Job' : undefined;
}

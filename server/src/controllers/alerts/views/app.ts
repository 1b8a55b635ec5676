/** An app as rules see it: what somebody wants to run, and the pods that run it. */
import type { KubeObject } from '@naru/api/object';
import { conditionOf, type Condition } from '../../runtime/condition.ts';
import { isFinished, isGoing, isPartlyStopped, isReady, statusesOf, timeOf, type Pod } from './pod.ts';
import type { Exit } from './exits.ts';
import type { Room } from './room.ts';

/** Any of the kinds that own pods. */
export interface Workload extends KubeObject {
  spec?: {
    replicas?: number;
    progressDeadlineSeconds?: number;
    selector?: { matchLabels?: Record<string, string> };
    template?: { metadata?: { labels?: Record<string, string> } };
  };
  status?: {
    /** Of a Job. */
    active?: number;
    observedGeneration?: number;
    updatedReplicas?: number;
    updatedNumberScheduled?: number;
    desiredNumberScheduled?: number;
    conditions?: Condition[];
  };
}

export interface AppSubject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

export interface AppView extends AppSubject {
  /** Instances that should serve; undefined for tasks, which end by themselves. */
  readonly wanted: number | undefined;
  readonly available: number;
  /** Instances that are there to stay, and that nobody stopped. */
  readonly size: number;
  /** Those of them that may have trouble: not ready, or started again at least once. */
  readonly troubled: readonly Pod[];
  /** On their way out. */
  readonly going: readonly Pod[];
  readonly updated: number;
  readonly progressing: Condition | undefined;
  /** Of its instances. */
  readonly labels: Readonly<Record<string, string>>;
  /** The revision before the present one, where there is one to go back to. */
  readonly previousRevision: string | undefined;
  /** How often instances that were ready were not any more, within the last quarter of an hour. */
  readonly losses: number;
  /** When somebody last changed what is wanted, in milliseconds since 1970. */
  readonly changedAt: number | undefined;
  /** Whether all that is wanted is there, in its newest form. */
  readonly isSettled: boolean;
  /** How long a change may take to settle, in milliseconds. */
  readonly deadline: number;
  exitsOf(pod: Pod, container: string): readonly Exit[];
  /** What the machines have to give; asked only when something does not fit. */
  room(): Room;
}

const tasks = new Set(['Job', 'CronJob']);
const usualDeadline = 600;
const changedAt = 'naru.dev/changed-at';
/** Those whose writes are nobody's intent. */
const ownManagers = new Set(['kube-controller-manager', 'kube-scheduler', 'kubelet']);

export interface AppParts {
  readonly subject: AppSubject;
  /** Undefined for kinds that nobody follows, and for those that are gone. */
  readonly workload: Workload | undefined;
  readonly pods: readonly Pod[];
  readonly previousRevision?: string | undefined;
  readonly losses: number;
  exitsOf: AppView['exitsOf'];
  room(): Room;
}

export function appView({ subject, workload, pods, previousRevision, losses, exitsOf, room }: AppParts): AppView {
  const sorted = sortPods(pods);
  const given = wantedOf(subject, workload, sorted.present);
  const wanted = given === undefined ? undefined : Math.max(0, given - sorted.stopped);
  const { updatedReplicas, updatedNumberScheduled, conditions } = workload?.status ?? {};
  const view = {
    ...subject,
    wanted,
    available: sorted.available,
    size: sorted.present.length,
    troubled: sorted.troubled,
    going: sorted.going,
    updated: updatedReplicas ?? updatedNumberScheduled ?? 0,
    progressing: conditionOf(conditions, 'Progressing'),
    labels: workload?.spec?.template?.metadata?.labels ?? pods[0]?.metadata.labels ?? {},
    previousRevision,
    losses,
    changedAt: newest(workload ? [changeOf(workload)] : pods.map(({ metadata }) => timeOf(metadata.creationTimestamp))),
    deadline: (workload?.spec?.progressDeadlineSeconds ?? usualDeadline) * 1000,
  };
  return { ...view, isSettled: isSettled(workload, view), exitsOf, room };
}

interface Sorted {
  readonly present: Pod[];
  readonly troubled: Pod[];
  readonly going: Pod[];
  available: number;
  stopped: number;
}

/** One way through the pods, because there may be very many. */
function sortPods(pods: readonly Pod[]): Sorted {
  const sorted: Sorted = { present: [], troubled: [], going: [], available: 0, stopped: 0 };
  for (const pod of pods) {
    if (isGoing(pod)) sorted.going.push(pod);
    else if (isPartlyStopped(pod)) sorted.stopped++;
    else {
      sorted.present.push(pod);
      const ready = isReady(pod);
      if (ready) sorted.available++;
      if (!ready || statusesOf(pod).some(({ lastState }) => lastState?.terminated)) sorted.troubled.push(pod);
    }
  }
  return sorted;
}

function isSettled(
  workload: Workload | undefined,
  { wanted = 0, available, size, updated, kind }: Pick<AppView, 'wanted' | 'available' | 'size' | 'updated' | 'kind'>,
): boolean {
  const { generation = 0 } = workload?.metadata ?? {};
  const observed = workload?.status?.observedGeneration ?? generation;
  const counts = kind === 'Deployment' || kind === 'StatefulSet' || kind === 'DaemonSet';
  return observed >= generation && available >= wanted && size <= wanted && (!counts || updated >= wanted);
}

function wantedOf({ kind }: AppSubject, workload: Workload | undefined, pods: readonly Pod[]): number | undefined {
  if (tasks.has(kind)) return undefined;
  if (kind === 'Pod') return pods.some((pod) => pod.spec.restartPolicy === 'Always' && !isFinished(pod)) ? 1 : 0;
  if (kind === 'DaemonSet') return workload?.status?.desiredNumberScheduled ?? 0;
  if (!workload) return pods.length;
  return workload.spec?.replicas ?? 1;
}

/** What somebody wrote, by the page's own word or by whose field it is; statuses and scaling by controllers are not meant. */
export function changeOf({ metadata }: KubeObject): number | undefined {
  const { annotations = {}, managedFields = [], creationTimestamp } = metadata;
  const said = Object.hasOwn(annotations, changedAt) ? timeOf(annotations[changedAt]) : undefined;
  const written = managedFields
    .filter(({ manager = '', subresource = '' }) => subresource !== 'status' && !ownManagers.has(manager))
    .map(({ time }) => timeOf(time));
  return newest([said, timeOf(creationTimestamp), ...written]);
}

function newest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length ? known.reduce((a, b) => Math.max(a, b)) : undefined;
}

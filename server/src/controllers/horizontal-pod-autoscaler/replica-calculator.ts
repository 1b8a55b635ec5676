/** How many replicas the use of a resource asks for. Pure. */
// Like pkg/controller/podautoscaler/replica_calculator.go. Amounts are thousandths of a core, or of a byte.
import { conditionOf } from '../runtime/condition.ts';
import { isReady, isTerminating, type Container, type Pod } from '../runtime/pod.ts';
import { parseQuantity, quantityMilliValue } from '@naru/api/quantity';

/** Of a pod: what it used, over how many milliseconds until when. */
export interface Measurement {
  value: number;
  time: number;
  window: number;
}

export type Measurements = ReadonlyMap<string, Measurement>;

/** How far from the target is near enough, as a share of it. */
export interface Tolerances {
  up: number;
  down: number;
}

export interface Demand {
  pods: readonly Pod[];
  /** By name of pod. */
  measured: Measurements;
  resource: string;
  currentReplicas: number;
  tolerances: Tolerances;
  now: number;
}

export interface Proposal {
  replicas: number;
  /** Percent of what is requested, where that is the target. */
  utilization?: number;
  /** Of one pod, on average. */
  averageValue: number;
}

/** A new pod's use of CPU is that of its start, not of its work. */
const cpuInitializationPeriod = 5 * 60_000;
/** A pod that was not ready within so many milliseconds of its start has never been. */
const delayOfInitialReadiness = 30_000;

/** `target`: percent of what the pods, or the one container of each, request. Throws Error with upstream's text. */
export function replicasForUtilization(demand: Demand, target: number, container?: string): Proposal {
  const groups = groupPods(demand);
  const requests = requestsOf(demand.pods, demand.resource, container);
  const first = utilizationOf(groups.measured, requests, target);
  // On the way down a pod without figures counts as using all it requests, or the target if that is more.
  const whole = (name: string) => ((requests.get(name) ?? 0) * Math.max(100, target)) / 100;
  const replicas = replicasFor(demand, groups, first.ratio, {
    missing: (name) => Math.trunc(whole(name)),
    again: (values) => utilizationOf(values, requests, target).ratio,
  });
  return { replicas, utilization: first.utilization, averageValue: first.averageValue };
}

/** `target`: what one pod is to use on average. */
export function replicasForValue(demand: Demand, target: number): Proposal {
  const groups = groupPods(demand);
  const ratioOf = (values: Values) => averageOf(values) / target;
  const replicas = replicasFor(demand, groups, ratioOf(groups.measured), { missing: () => target, again: ratioOf });
  return { replicas, averageValue: averageOf(groups.measured) };
}

type Values = ReadonlyMap<string, number>;

interface Groups {
  ready: number;
  unready: ReadonlySet<string>;
  missing: ReadonlySet<string>;
  /** Of those that count. */
  measured: Values;
}

interface Second {
  /** What a pod without figures counts as, on the way down. */
  missing(name: string): number;
  /** The ratio, with those counted. */
  again(values: Values): number;
}

function replicasFor(
  { currentReplicas, tolerances }: Demand,
  { ready, unready, missing, measured }: Groups,
  ratio: number,
  second: Second,
): number {
  const near = (one: number) => 1 - tolerances.down <= one && one <= 1 + tolerances.up;
  const upWithUnready = unready.size > 0 && ratio > 1;
  if (!upWithUnready && missing.size === 0) return near(ratio) ? currentReplicas : Math.ceil(ratio * ready);
  const values = new Map(measured);
  if (ratio !== 1) for (const name of missing) values.set(name, ratio < 1 ? second.missing(name) : 0);
  if (upWithUnready) for (const name of unready) values.set(name, 0);
  const later = second.again(values);
  // What was only assumed may hold the change back, but not turn it round.
  if (near(later) || (ratio < 1 && later > 1) || (ratio > 1 && later < 1)) return currentReplicas;
  const replicas = Math.ceil(later * values.size);
  const turned = later < 1 ? replicas > currentReplicas : replicas < currentReplicas;
  return turned ? currentReplicas : replicas;
}

function groupPods({ pods, measured, resource, now }: Demand): Groups {
  if (pods.length === 0) throw new Error('no pods returned by selector while calculating replica count');
  const [unready, missing, ignored] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let ready = 0;
  for (const pod of pods) {
    const name = pod.metadata.name ?? '';
    const measurement = measured.get(name);
    if (isTerminating(pod) || pod.status?.phase === 'Failed') ignored.add(name);
    else if (pod.status?.phase === 'Pending') unready.add(name);
    else if (!measurement) missing.add(name);
    else if (resource === 'cpu' && isStarting(pod, measurement, now)) unready.add(name);
    else ready++;
  }
  const counted = [...measured].filter(([name]) => !ignored.has(name) && !unready.has(name));
  if (counted.length === 0) throw new Error('did not receive metrics for targeted pods (pods might be unready)');
  return { ready, unready, missing, measured: new Map(counted.map(([name, { value }]) => [name, value])) };
}

function isStarting(pod: Pod, { time, window }: Measurement, now: number): boolean {
  const condition = conditionOf(pod.status?.conditions, 'Ready');
  const started = Date.parse(pod.status?.startTime ?? '');
  if (!condition || Number.isNaN(started)) return true;
  const changed = Date.parse(condition.lastTransitionTime ?? '') || 0;
  // Within the period only figures that begin after the pod became ready count.
  if (started + cpuInitializationPeriod > now) return !isReady(pod) || time < changed + window;
  return !isReady(pod) && started + delayOfInitialReadiness > changed;
}

const milli = (quantity: string): number => quantityMilliValue(parseQuantity(quantity));

function requestsOf(pods: readonly Pod[], resource: string, container: string | undefined): Values {
  return new Map(pods.map((pod) => [pod.metadata.name ?? '', requestOf(pod, resource, container)]));
}

function requestOf({ metadata, spec }: Pod, resource: string, container: string | undefined): number {
  const whole = spec.resources?.requests;
  if (whole && container === undefined && Object.keys(whole).length) {
    const request = whole[resource];
    if (request === undefined) throw new Error(`missing pod-level request for ${resource} in Pod ${metadata.name}`);
    return milli(request);
  }
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const counted = (one: Container) => container === undefined || one.name === container;
  return [...spec.containers, ...sidecars].filter(counted).reduce((sum, { name, resources }) => {
    const request = resources?.requests?.[resource];
    if (request !== undefined) return sum + milli(request);
    throw new Error(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`);
  }, 0);
}

function utilizationOf(values: Values, requests: Values, target: number) {
  let [total, requested, count] = [0, 0, 0];
  for (const [name, value] of values) {
    const request = requests.get(name);
    if (request === undefined) continue;
    total += value;
    requested += request;
    count++;
  }
  if (requested === 0) throw new Error('no metrics returned matched known pods');
  const utilization = Math.trunc((total * 100) / requested);
  return { ratio: utilization / target, utilization, averageValue: Math.trunc(total / count) };
}

const averageOf = (values: Values): number =>
  Math.trunc([...values.values()].reduce((sum, value) => sum + value, 0) / values.size);

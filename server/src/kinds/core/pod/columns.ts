/** How a Table shows a pod. */
// Like printPod of pkg/printers/internalversion.
import type { V1ContainerState, V1ContainerStatus, V1Pod } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import type { Column } from '../../define-kind.ts';
import { fieldsOf } from '../../fields.ts';
import type { Fields } from '../../fields.ts';
import { sinceOrUnknown } from '../../table-columns.ts';
import { isSidecar } from './pod-fields.ts';
import type { Pod } from './pod-fields.ts';

type Status = Fields<V1ContainerStatus>;
interface Summary {
  ready: number;
  total: number;
  reason: string;
  restarts: number;
  lastRestart: string;
}

const podOf = (object: AnyObject): Pod => fieldsOf<V1Pod>(object);

export const podColumns: readonly Column[] = [
  {
    name: 'Ready',
    value(object) {
      const { ready, total } = summarize(podOf(object));
      return `${ready}/${total}`;
    },
  },
  { name: 'Status', value: (object) => summarize(podOf(object)).reason },
  {
    name: 'Restarts',
    value(object, now) {
      const { restarts, lastRestart } = summarize(podOf(object));
      return restarts && lastRestart ? `${restarts} (${sinceOrUnknown(lastRestart, now)} ago)` : `${restarts}`;
    },
  },
  { name: 'IP', priority: 1, value: (object) => podOf(object).status?.podIPs?.[0]?.ip || '<none>' },
  { name: 'Node', priority: 1, value: (object) => podOf(object).spec?.nodeName || '<none>' },
  { name: 'Nominated Node', priority: 1, value: (object) => podOf(object).status?.nominatedNodeName || '<none>' },
  { name: 'Readiness Gates', priority: 1, value: (object) => readinessGates(podOf(object)) },
];

function readinessGates({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (!gates.length) return '<none>';
  const isTrue = (type: string | undefined) =>
    status?.conditions?.find((condition) => condition.type === type)?.status === 'True';
  return `${gates.filter(({ conditionType }) => isTrue(conditionType)).length}/${gates.length}`;
}

const later = (left: string, right: string | undefined): string => (right && right > left ? right : left);

/** What the containers' states come to, in a word and a few numbers. */
function summarize(pod: Pod): Summary {
  const { spec = {}, status = {}, metadata } = pod;
  const sidecars = new Set((spec.initContainers ?? []).filter(isSidecar).map(({ name }) => name));
  const total = (spec.containers ?? []).length + sidecars.size;
  const isGated = status.conditions?.some(
    ({ type, reason }) => type === 'PodScheduled' && reason === 'SchedulingGated',
  );
  const initial = isGated ? 'SchedulingGated' : status.reason || status.phase || '';
  let summary = initSummary(pod, { ready: 0, total, reason: initial, restarts: 0, lastRestart: '' }, sidecars);
  const isInitialized = status.conditions?.some(
    ({ type, status: value }) => type === 'Initialized' && value === 'True',
  );
  if (!summary.initializing || isInitialized) summary = { ...summary, ...runSummary(pod, summary) };
  if (metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') summary.reason = 'Unknown';
    else if (status.phase !== 'Succeeded' && status.phase !== 'Failed') summary.reason = 'Terminating';
  }
  return summary;
}

interface InitSummary extends Summary {
  initializing: boolean;
  sidecarRestarts: number;
  lastSidecarRestart: string;
}

function initSummary({ spec = {}, status = {} }: Pod, start: Summary, sidecars: Set<string | undefined>): InitSummary {
  const summary: InitSummary = { ...start, initializing: false, sidecarRestarts: 0, lastSidecarRestart: '' };
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    const finishedAt = container.lastState?.terminated?.finishedAt;
    const { restartCount = 0, state = {} } = container;
    summary.restarts += restartCount;
    summary.lastRestart = later(summary.lastRestart, finishedAt);
    if (sidecars.has(container.name)) {
      summary.sidecarRestarts += restartCount;
      summary.lastSidecarRestart = later(summary.lastSidecarRestart, finishedAt);
    }
    if (state.terminated && !state.terminated.exitCode) continue;
    if (sidecars.has(container.name) && container.started) {
      if (container.ready) summary.ready++;
      continue;
    }
    summary.reason = `Init:${initReason(state, index, (spec.initContainers ?? []).length)}`;
    summary.initializing = true;
    break;
  }
  return summary;
}

function initReason({ terminated, waiting }: Fields<V1ContainerState>, index: number, total: number): string {
  if (terminated) return terminated.reason || endedBy(terminated);
  if (waiting?.reason && waiting.reason !== 'PodInitializing') return waiting.reason;
  return `${index}/${total}`;
}

const endedBy = ({ signal, exitCode = 0 }: { signal?: number; exitCode?: number }) =>
  signal ? `Signal:${signal}` : `ExitCode:${exitCode}`;

function runSummary({ status = {} }: Pod, { ready, reason, sidecarRestarts, lastSidecarRestart }: InitSummary) {
  const summary = { ready, reason, restarts: sidecarRestarts, lastRestart: lastSidecarRestart };
  let hasRunning = false;
  for (const container of [...(status.containerStatuses ?? [])].reverse()) {
    summary.restarts += container.restartCount ?? 0;
    summary.lastRestart = later(summary.lastRestart, container.lastState?.terminated?.finishedAt);
    const stopped = stoppedReason(container);
    if (stopped) summary.reason = stopped;
    else if (container.ready && container.state?.running) {
      hasRunning = true;
      summary.ready++;
    }
  }
  if (summary.reason === 'Completed' && hasRunning) {
    const isReady = status.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True');
    summary.reason = isReady ? 'Running' : 'NotReady';
  }
  return summary;
}

function stoppedReason({ state = {} }: Status): string {
  if (state.waiting?.reason) return state.waiting.reason;
  return state.terminated ? state.terminated.reason || endedBy(state.terminated) : '';
}

/** A finished pod's row is marked so that clients can grey it. */
export function podRowConditions(object: AnyObject) {
  const { phase } = podOf(object).status ?? {};
  if (phase === 'Succeeded')
    return [{ type: 'Completed', status: 'True', reason: 'Succeeded', message: 'The pod has completed successfully.' }];
  if (phase === 'Failed') return [{ type: 'Completed', status: 'True', reason: 'Failed', message: 'The pod failed.' }];
  return [];
}

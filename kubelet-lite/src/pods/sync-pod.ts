/** Brings one pod closer to what it asks for: observe, judge, report, plan, act. */
import { VolumeError } from '../volumes/prepared-volume.ts';
import type { PreparedVolumes } from '../volumes/pod-volumes.ts';
import { act, attachSandbox, backoffKey, failedAt } from './act.ts';
import { removePod, settlePod } from './finish-pod.ts';
import { checkDeadline, isRefused, judge, previousStatus, report } from './judge-pod.ts';
import { factsOf } from './make-container-spec.ts';
import { plan, type Plan } from './plan.ts';
import type { PodStatus } from './pod-status.ts';
import { observe, podIpOf, type PodSync, type SyncOutcome } from './pod-sync.ts';
import { isTerminalPhase, uidOf } from './pod.ts';
import type { PodView } from './pod-view.ts';
import { reportedAsStopped } from './stopped-containers.ts';

/** Throws when something that may pass kept it from getting further. */
export async function syncPod(sync: PodSync): Promise<SyncOutcome> {
  const { pod, memory, context, gone } = sync;
  const view = await observe(sync);
  if (isRefused(sync, view)) return { state: 'ended' };
  const deadline = checkDeadline(sync);
  const deleted = gone || pod.metadata.deletionTimestamp !== undefined;
  const ending = deleted || memory.failure !== undefined || isTerminalPhase(pod.status?.phase);
  context.probes.sync({ pod, view, podIp: podIpOf(sync, view), previous: previousStatus(sync), ending });
  if (deleted) return removePod(sync, view);
  const status = await judge(sync, view, ending ? 'ending' : 'living');
  if (isTerminalPhase(status.phase)) return settlePod(sync, view);
  report(sync, status);
  const next = await goOn(sync, view);
  const wakeAt = earliest(deadline, next);
  return { state: 'running', failed: memory.failedSyncs > 0, ...(wakeAt !== undefined && { wakeAt }) };
}

/** Answers when to look again. */
async function goOn(sync: PodSync, view: PodView): Promise<number | undefined> {
  const { pod, memory, context, signal } = sync;
  const volumes = await prepareVolumes(sync);
  const hasNetwork = await ensureNetwork(sync, view);
  const planned = makePlan(sync, view, hasNetwork);
  const well = await act(planned.actions, { pod, view, memory, volumes, signal, context });
  memory.failedSyncs = well ? 0 : memory.failedSyncs + 1;
  return earliest(
    planned.wakeAt,
    volumes.renewAt,
    well ? undefined : context.images.retryAt(pod),
    retryAt(sync, well, planned),
  );
}

const earliest = (...times: (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined);
  return known.length > 0 ? Math.min(...known) : undefined;
};

// Why a container could not be started is told a moment later, and the next attempt comes ten seconds after that.
// That a container backs off is told at once.
function retryAt({ context, memory }: PodSync, well: boolean, { actions }: Plan): number | undefined {
  const now = context.clock.now();
  if (!well) return now + (memory.failedSyncs === 1 ? 1000 : 10_000);
  const isNews = actions.some(
    (action) => action.do === 'backOff' && !showsBackOff(memory.status ?? {}, action.member.definition.name),
  );
  return isNews ? now : undefined;
}

function showsBackOff({ containerStatuses = [], initContainerStatuses = [] }: PodStatus, name: string): boolean {
  const status = [...containerStatuses, ...initContainerStatuses].find((each) => each.name === name);
  return status?.state.waiting?.reason === 'CrashLoopBackOff';
}

async function prepareVolumes({ pod, memory, context }: PodSync): Promise<PreparedVolumes> {
  const podIp = pod.spec.hostNetwork ? context.node.ip : (context.network.addressOf(uidOf(pod)) ?? '');
  try {
    return await context.files.prepare(pod, factsOf(context, { podIp, seenAt: memory.seenAt }));
  } catch (error) {
    if (error instanceof VolumeError) {
      const message = `MountVolume.SetUp failed for volume "${error.volume}" : ${error.message}`;
      context.events.pod(pod, 'Warning', 'FailedMount', message);
    }
    throw error;
  }
}

/** False when the running sandbox cannot be brought onto the network. */
async function ensureNetwork({ pod, context }: PodSync, { sandbox }: PodView): Promise<boolean> {
  if (!sandbox || pod.spec.hostNetwork || context.network.addressOf(uidOf(pod))) return true;
  return attachSandbox(pod, sandbox, context).then(
    () => true,
    () => false,
  );
}

function makePlan(sync: PodSync, view: PodView, hasNetwork: boolean): Plan {
  const { clock, probes, restarts } = sync.context;
  return plan({
    pod: view.pod,
    observed: view.observed,
    now: clock.now(),
    hasNetwork,
    probes: { failed: (id) => probes.failed(id), started: (id) => probes.started(id) },
    backsOffUntil: (container) => restarts.until(backoffKey(container), failedAt(container)),
    stoppedByHand: (container) => reportedAsStopped(container, previousStatus(sync)),
  });
}

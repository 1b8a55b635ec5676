/** The two ends of a pod: it has finished and stays to be looked at, or it is to be gone. */
import { endPod, removeContainers } from './end-pod.ts';
import { judge, report } from './judge-pod.ts';
import { observe, type PodSync, type SyncOutcome } from './pod-sync.ts';
import { uidOf } from './pod.ts';
import type { PodView } from './pod-view.ts';

/** The pod is to be gone: ends it, tells how it ended, and clears up after it. */
export async function removePod(sync: PodSync, view: PodView): Promise<SyncOutcome> {
  const { pod, context, gone } = sync;
  const ended = await endAndReport(sync, view);
  await removeContainers(ended, context);
  await context.files.remove(uidOf(pod));
  if (!gone) await context.statuses.finish(pod);
  return { state: 'removed' };
}

/** The pod has come to its end by itself, or the node has ended it: its containers stay for their logs. */
export async function settlePod(sync: PodSync, view: PodView): Promise<SyncOutcome> {
  await endAndReport(sync, view);
  await sync.context.files.remove(uidOf(sync.pod));
  return { state: 'ended' };
}

/** That a pod has ended is told once nothing of it runs any more. */
async function endAndReport(sync: PodSync, view: PodView): Promise<PodView> {
  const { pod, context } = sync;
  await endPod(view, sync.grace(), context);
  const ended = await observe(sync);
  report(sync, await judge(sync, ended, 'ended'));
  context.probes.remove(uidOf(pod));
  return ended;
}

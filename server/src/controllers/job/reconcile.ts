/** Runs a Job's pods to their end, and counts each exactly once. */
// Like pkg/controller/job. A finalizer keeps every pod until its outcome stands in the status.
import { keyOf } from '@naru/api/client/object-cache';
import { isNotFound } from '@naru/api/status';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { selectorMatches } from '../runtime/label-selector.ts';
import { claim, controllerOf, ownedKey } from '../runtime/owners.ts';
import { createPod, deletePod, isNamespaceTerminating } from '../runtime/pod-control.ts';
import type { Pod } from '../runtime/pod.ts';
import { controlledBy, indexByController, orphansIn } from '../runtime/pods-by-controller.ts';
import { jobs, pods } from '../runtime/resources.ts';
import { slowStart } from '../runtime/slow-start.ts';
import { controllerName, isFinishedJob, isTracked, trackingFinalizer, type Job } from './job.ts';
import { jobPod } from './job-pod.ts';
import { planJob } from './plan.ts';

const mostAtOnce = 500;

export const job = defineController({
  name: 'job-controller',
  for: jobs,
  owns: [pods],
  watches: [
    watching<Pod>(pods, function* (pod, { informers }) {
      if (controllerOf(pod)) return;
      for (const one of informers.for<Job>(jobs).inNamespace(pod.metadata.namespace ?? '')) {
        if (selectorMatches(one.spec.selector, pod.metadata.labels)) yield keyOf(one);
      }
    }),
  ],
  prepare: ({ informers }) => indexByController(informers.for<Pod>(pods)),
  reconcile,
});

/** Pods whose Job is gone, or that it has let go, wait for nobody any more. */
export const orphanedJobPods = defineController({
  name: 'job-orphan-pods',
  user: 'system:serviceaccount:kube-system:job-controller',
  component: 'job-controller',
  for: pods,
  watches: [
    watching<Job>(jobs, function* (one, { informers }) {
      if (informers.for(jobs).get(keyOf(one))) return;
      for (const pod of controlledBy(informers.for<Pod>(pods), one.metadata.uid)) yield keyOf(pod);
    }),
  ],
  prepare: ({ informers }) => indexByController(informers.for<Pod>(pods)),
  async reconcile(key, context) {
    const pod = context.informers.for<Pod>(pods).get(key);
    if (!pod || !isTracked(pod)) return;
    const [owner] = ownedKey(pod, jobs);
    const found = owner === undefined ? undefined : context.informers.for<Job>(jobs).get(owner);
    if (found?.metadata.uid !== controllerOf(pod)?.uid || !found) await release(pod, context);
  },
});

async function reconcile(key: string, context: ControllerContext): Promise<{ after?: number } | void> {
  const { client, informers, clock, events } = context;
  const found = informers.for<Job>(jobs).get(key);
  if (!found || (found.spec.managedBy !== undefined && found.spec.managedBy !== controllerName)) return;
  const all = informers.for<Pod>(pods);
  const own = controlledBy(all, found.metadata.uid);
  if (isFinishedJob(found)) {
    await Promise.all(own.filter(isTracked).map((pod) => release(pod, context)));
    return;
  }
  const claimed = await claim<Pod>({
    client,
    owner: found,
    ownerResource: jobs,
    resource: pods,
    candidates: [...own, ...orphansIn(all, found.metadata.namespace)],
    matches: (pod) => selectorMatches(found.spec.selector, pod.metadata.labels),
  });
  const plan = planJob(found, claimed, clock.now());
  const owner = { object: found, resource: jobs };
  let failure: unknown;
  if (!found.metadata.deletionTimestamp) {
    const withdrawals = plan.withdraw.slice(0, mostAtOnce).map(async (pod) => {
      await release(pod, context);
      await deletePod(pod, owner, context);
    });
    await Promise.all([...withdrawals, ...plan.stop.map((pod) => deletePod(pod, owner, context))]);
    const { created, failed } = await createPods(found, plan.create, context);
    failure = failed;
    if (created) plan.status.active = (plan.status.active ?? 0) + created;
  }
  if (!equalJson(plan.status, found.status)) {
    await client.for<Job>(jobs).updateStatus({ ...found, status: plan.status });
    for (const { type, reason, message } of plan.events) events.event(found, jobs, type, reason, message);
  }
  await Promise.all(plan.release.map((pod) => release(pod, context)));
  if (failure) throw failure;
  return plan.after === undefined ? undefined : { after: plan.after };
}

async function createPods(
  found: Job,
  wanted: Parameters<typeof jobPod>[1][],
  context: ControllerContext,
): Promise<{ created: number; failed?: unknown }> {
  const owner = { object: found, resource: jobs };
  const batch = wanted.slice(0, mostAtOnce);
  let created = 0;
  try {
    await slowStart(batch.length, async (index) => {
      try {
        await createPod(jobPod(found, batch[index] ?? {}), owner, context);
        created++;
      } catch (error) {
        if (!isNamespaceTerminating(error)) throw error;
      }
    });
    return { created };
  } catch (failed) {
    return { created, failed };
  }
}

/** Takes the finalizer off: the pod may go. */
async function release(pod: Pod, { client }: ControllerContext): Promise<void> {
  if (!isTracked(pod)) return;
  const { name = '', namespace, uid } = pod.metadata;
  const body = { metadata: { uid, '$deleteFromPrimitiveList/finalizers': [trackingFinalizer] } };
  try {
    await client.for<Pod>(pods).patch(name, namespace, body, { type: 'strategic' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

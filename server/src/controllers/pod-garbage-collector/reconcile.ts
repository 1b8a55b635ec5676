/** Deletes pods that nobody else will: of nodes that are gone, never placed but asked to go, and too many finished ones. */
// Like pkg/controller/podgc.
import { isNotFound } from '@naru/api/status';
import { withCondition } from '../runtime/condition.ts';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { isFinished, isTerminating, type Pod } from '../runtime/pod.ts';
import { indexByNode, podsOn } from '../runtime/pods-by-node.ts';
import { nodes, pods } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import type { Node } from '../node-lifecycle/node.ts';

/** Finished pods that are kept for people to look at. */
const finishedKept = 12_500;
/** Milliseconds a node may be away before its pods are given up. */
const quarantine = 40_000;
const finishedIndex = 'finished';

export function podGarbageCollector() {
  const missingSince = new Map<string, number>();
  return defineController({
    name: 'pod-garbage-collector',
    user: controllerUser('pod-garbage-collector'),
    for: pods,
    watches: [
      watching<Node>(nodes, ({ metadata: { name = '' } }, { informers }) =>
        informers.for(nodes).get(name)
          ? []
          : podsOn(informers.for<Pod>(pods), name).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      ),
    ],
    prepare({ informers }) {
      const all = informers.for<Pod>(pods);
      indexByNode(all);
      all.addIndex(finishedIndex, (pod) => (isFinished(pod) ? ['yes'] : []));
      informers.for<Node>(nodes).listen({ add: ({ metadata }) => void missingSince.delete(metadata.name ?? '') });
    },
    reconcile: (key, context) => reconcile(key, missingSince, context),
  });
}

async function reconcile(
  key: string,
  missingSince: Map<string, number>,
  context: ControllerContext,
): Promise<{ after: number } | void> {
  const { informers, clock } = context;
  const pod = informers.for<Pod>(pods).get(key);
  if (!pod) return;
  const { nodeName } = pod.spec;
  if (!nodeName) {
    if (isTerminating(pod)) await remove(pod, context);
    return;
  }
  if (isFinished(pod) && (await removeSurplus(context))) return;
  if (informers.for(nodes).get(nodeName)) return;
  const since = missingSince.get(nodeName) ?? clock.now();
  missingSince.set(nodeName, since);
  const wait = since + quarantine - clock.now();
  if (wait > 0) return { after: wait };
  if (!(await isNodeGone(nodeName, context))) return;
  await failOrphan(pod, context);
  await remove(pod, context);
}

async function isNodeGone(name: string, { client }: ControllerContext): Promise<boolean> {
  try {
    await client.for(nodes).get(name);
    return false;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}

/** Says why the pod ended before it is removed, for whoever counts failures. */
async function failOrphan(pod: Pod, { client, clock }: ControllerContext): Promise<void> {
  if (isFinished(pod)) return;
  const conditions = withCondition(pod.status?.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByPodGC',
    message: 'PodGC: node no longer exists',
    lastTransitionTime: timestamp(clock.now()),
  });
  try {
    await client.for<Pod>(pods).updateStatus({ ...pod, status: { ...pod.status, phase: 'Failed', conditions } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

async function remove({ metadata: { name = '', namespace, uid } }: Pod, { client }: ControllerContext): Promise<void> {
  try {
    await client
      .for<Pod>(pods)
      .delete(name, namespace, { gracePeriodSeconds: 0, preconditions: { ...(uid && { uid }) } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Removes the oldest finished pods beyond what is kept. */
async function removeSurplus(context: ControllerContext): Promise<boolean> {
  const finished = context.informers.for<Pod>(pods).byIndex(finishedIndex, 'yes');
  const surplus = finished.filter((pod) => !isTerminating(pod)).length - finishedKept;
  if (surplus <= 0) return false;
  const created = ({ metadata }: Pod) => metadata.creationTimestamp ?? '';
  const oldest = finished.sort((a, b) => (created(a) < created(b) ? -1 : 1)).slice(0, surplus);
  for (const pod of oldest) await remove(pod, context);
  return true;
}

/** Deletes pods that do not tolerate their node's NoExecute taints, or no longer. */
// Like pkg/controller/tainteviction.
import { isNotFound } from '@naru/api/status';
import { withCondition } from '../runtime/condition.ts';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { isTerminating, type Pod, type Toleration } from '../runtime/pod.ts';
import { indexByNode, podsOn } from '../runtime/pods-by-node.ts';
import { nodes, pods } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { isTolerated, tolerates, type Node, type Taint } from './node.ts';

export const taintEviction = defineController({
  name: 'taint-eviction-controller',
  user: controllerUser('node-controller'),
  for: pods,
  watches: [
    watching<Node>(nodes, ({ metadata: { name = '' } }, { informers }) =>
      podsOn(informers.for<Pod>(pods), name).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
    ),
  ],
  prepare: ({ informers }) => indexByNode(informers.for<Pod>(pods)),
  reconcile,
});

/** When a pod must leave, in milliseconds since 1970; undefined: it may stay. */
export function evictionTime(taints: readonly Taint[], tolerations: readonly Toleration[] = []): number | undefined {
  const evicting = taints.filter(({ effect }) => effect === 'NoExecute');
  if (evicting.length === 0) return undefined;
  const since = Math.max(...evicting.map(({ timeAdded }) => Date.parse(timeAdded ?? '') || 0));
  if (evicting.some((taint) => !isTolerated(taint, tolerations))) return since;
  const used = tolerations.filter((toleration) => evicting.some((taint) => tolerates(toleration, taint)));
  const limits = used.flatMap(({ tolerationSeconds }) => (tolerationSeconds === undefined ? [] : [tolerationSeconds]));
  return limits.length ? since + Math.max(0, Math.min(...limits)) * 1000 : undefined;
}

async function reconcile(key: string, context: ControllerContext): Promise<{ after: number } | void> {
  const { client, informers, clock, events } = context;
  const pod = informers.for<Pod>(pods).get(key);
  const node = pod?.spec.nodeName ? informers.for<Node>(nodes).get(pod.spec.nodeName) : undefined;
  if (!pod || !node || isTerminating(pod)) return;
  const due = evictionTime(node.spec?.taints ?? [], pod.spec.tolerations);
  if (due === undefined) return;
  const now = clock.now();
  if (due > now) return { after: due - now };
  const { name = '', namespace, uid } = pod.metadata;
  events.event(pod, pods, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${key}`);
  const conditions = withCondition(pod.status?.conditions, {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastTransitionTime: timestamp(now),
  });
  const all = client.for<Pod>(pods);
  try {
    await all.updateStatus({ ...pod, status: { ...pod.status, conditions } });
    await all.delete(name, namespace, { preconditions: { ...(uid && { uid }) } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

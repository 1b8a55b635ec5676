/** Keeps one pod of a DaemonSet on every node that wants it. */
// Like pkg/controller/daemon.
import { keyOf } from '@naru/api/client/object-cache';
import { isNotFound } from '@naru/api/status';
import {
  currentRevision,
  forgetRevisions,
  revisionsOf,
  templatePatch,
  type ControllerRevision,
} from '../history/controller-revision.ts';
import { controllerUser, defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { isEmptySelector, selectorMatches } from '../runtime/label-selector.ts';
import { claim, controllerOf } from '../runtime/owners.ts';
import { createPod, deletePod, isNamespaceTerminating, podFromTemplate } from '../runtime/pod-control.ts';
import { isTerminating, nextAvailability, type Pod } from '../runtime/pod.ts';
import { controlledBy, indexByController, orphansIn } from '../runtime/pods-by-controller.ts';
import { controllerRevisions, daemonSets, nodes, pods } from '../runtime/resources.ts';
import { slowStart } from '../runtime/slow-start.ts';
import type { Node } from '../node-lifecycle/node.ts';
import { generationAnnotation, hashLabel, templateFor, templateGeneration, type DaemonSet } from './daemon-set.ts';
import { daemonSetStatus, planNodes, planUpdate, type DaemonState } from './plan.ts';

const mostAtOnce = 250;
/** Milliseconds before a pod that ended is replaced; doubles with every time it happens on the same node. */
const firstPause = 1000;
const longestPause = 15 * 60_000;

export function daemonSet() {
  const failures = new Map<string, { count: number; at: number }>();
  return defineController({
    name: 'daemonset-controller',
    user: controllerUser('daemon-set-controller'),
    for: daemonSets,
    owns: [pods, controllerRevisions],
    watches: [
      watching<Pod>(pods, setsWanting),
      watching<Node>(nodes, function* (_, { informers }) {
        for (const set of informers.for<DaemonSet>(daemonSets).list()) yield keyOf(set);
      }),
    ],
    prepare({ informers }) {
      indexByController(informers.for<Pod>(pods));
      indexByController(informers.for<ControllerRevision>(controllerRevisions));
    },
    reconcile: (key, context) => reconcile(key, failures, context),
  });
}

function* setsWanting(pod: Pod, { informers }: ControllerContext): Iterable<string> {
  if (controllerOf(pod) || isTerminating(pod)) return;
  const { namespace = '' } = pod.metadata;
  for (const set of informers.for<DaemonSet>(daemonSets).inNamespace(namespace)) {
    if (selectorMatches(set.spec.selector, pod.metadata.labels)) yield keyOf(set);
  }
}

type Failures = Map<string, { count: number; at: number }>;

async function reconcile(
  key: string,
  failures: Failures,
  context: ControllerContext,
): Promise<{ after?: number } | void> {
  const { client, informers, clock, events } = context;
  const set = informers.for<DaemonSet>(daemonSets).get(key);
  if (!set) return;
  if (isEmptySelector(set.spec.selector)) {
    const message = 'This daemon set is selecting all pods. A non-empty selector is required.';
    return events.event(set, daemonSets, 'Warning', 'SelectingAll', message);
  }
  if (set.metadata.deletionTimestamp) return;
  const matches = ({ metadata }: { metadata: { labels?: Record<string, string> } }) =>
    selectorMatches(set.spec.selector, metadata.labels);
  const revisions = await revisionsOf(set, daemonSets, matches, context);
  const { revision, collisionCount } = await revisionNow(set, revisions, context);
  const hash = revision.metadata.labels?.[hashLabel] ?? '';
  const current = await noteCollisions(set, collisionCount, context);
  const stateNow = async (): Promise<DaemonState> => {
    const all = informers.for<Pod>(pods);
    const candidates = [...controlledBy(all, set.metadata.uid), ...orphansIn(all, set.metadata.namespace)];
    const claimed = await claim<Pod>({
      client,
      owner: current,
      ownerResource: daemonSets,
      resource: pods,
      candidates,
      matches,
    });
    return { set: current, nodes: informers.for<Node>(nodes).list(), pods: claimed, hash, now: clock.now() };
  };
  const first = planNodes(await stateNow());
  const again = await replaceEnded(current, first.ended, failures, context);
  await carryOut(current, first, hash, context);
  if (current.spec.updateStrategy?.type !== 'OnDelete')
    await carryOut(current, planUpdate(await stateNow()), hash, context);
  const state = await stateNow();
  const used = new Set(state.pods.map(({ metadata }) => metadata.labels?.[hashLabel]));
  await forgetRevisions(
    revisions,
    ({ metadata }) => metadata.name === revision.metadata.name || used.has(metadata.labels?.[hashLabel]),
    current.spec.revisionHistoryLimit ?? 10,
    context,
  );
  await writeStatus(current, state, context);
  const waits = [again, nextAvailability(state.pods, current.spec.minReadySeconds ?? 0, clock.now())];
  const after = Math.min(...waits.filter((wait) => wait !== undefined));
  return Number.isFinite(after) ? { after } : undefined;
}

function revisionNow(set: DaemonSet, revisions: readonly ControllerRevision[], context: ControllerContext) {
  const data = templatePatch(set.spec.template);
  const generation = templateGeneration(set);
  return currentRevision(
    {
      owner: set,
      ownerResource: daemonSets,
      data,
      revision: (revisions.at(-1)?.revision ?? 0) + 1,
      labels: { ...set.spec.template.metadata?.labels },
      annotations: { ...set.metadata.annotations, ...(generation && { [generationAnnotation]: generation }) },
      hashLabel,
      collisionCount: set.status?.collisionCount ?? 0,
    },
    revisions,
    context,
  );
}

async function noteCollisions(
  set: DaemonSet,
  collisionCount: number,
  { client }: ControllerContext,
): Promise<DaemonSet> {
  if (collisionCount === (set.status?.collisionCount ?? 0) || !set.status) return set;
  return client.for<DaemonSet>(daemonSets).updateStatus({ ...set, status: { ...set.status, collisionCount } });
}

/** Deletes pods that ended, each node's after a growing pause. Returns when to look again. */
async function replaceEnded(
  set: DaemonSet,
  ended: readonly { pod: Pod; node: string }[],
  failures: Failures,
  context: ControllerContext,
): Promise<number | undefined> {
  const { events, clock } = context;
  let soonest: number | undefined;
  for (const { pod, node } of ended) {
    const { namespace, name } = pod.metadata;
    const key = `${set.metadata.uid}/${node}`;
    const now = clock.now();
    const failure = failures.get(key);
    const forgotten = !failure || now - failure.at > 2 * longestPause;
    const pause = forgotten ? 0 : Math.min(firstPause * 2 ** (failure.count - 1), longestPause);
    const wait = forgotten ? 0 : failure.at + pause - now;
    if (pod.status?.phase === 'Failed' && wait > 0) {
      soonest = Math.min(soonest ?? wait, wait);
      continue;
    }
    if (pod.status?.phase === 'Failed') {
      failures.set(key, { count: forgotten ? 1 : failure.count + 1, at: now });
      const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`;
      events.event(set, daemonSets, 'Warning', 'FailedDaemonPod', message);
    } else {
      const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`;
      events.event(set, daemonSets, 'Normal', 'SucceededDaemonPod', message);
    }
    await deletePod(pod, { object: set, resource: daemonSets }, context);
  }
  return soonest;
}

async function carryOut(
  set: DaemonSet,
  { createOn, delete: going }: { createOn: readonly string[]; delete: readonly Pod[] },
  hash: string,
  context: ControllerContext,
): Promise<void> {
  const owner = { object: set, resource: daemonSets };
  const targets = createOn.slice(0, mostAtOnce);
  await slowStart(targets.length, async (index) => {
    const pod = podFromTemplate(templateFor(set, targets[index] ?? '', hash), owner);
    await createPod(pod, owner, context).catch((error: unknown) => {
      if (!isNamespaceTerminating(error)) throw error;
    });
  });
  await Promise.all(going.slice(0, mostAtOnce).map((pod) => deletePod(pod, owner, context)));
}

async function writeStatus(set: DaemonSet, state: DaemonState, { client }: ControllerContext): Promise<void> {
  const status = daemonSetStatus(state);
  if (equalJson(set.status, status)) return;
  try {
    await client.for<DaemonSet>(daemonSets).updateStatus({ ...set, status });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

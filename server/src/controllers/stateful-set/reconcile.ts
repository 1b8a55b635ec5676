/** Keeps a StatefulSet's pods, each with its name and its claims, in order. */
// Like pkg/controller/statefulset.
import { keyOf } from '@naru/api/client/object-cache';
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import {
  currentRevision,
  forgetRevisions,
  revisionsOf,
  templatePatch,
  type ControllerRevision,
} from '../history/controller-revision.ts';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { selectorMatches } from '../runtime/label-selector.ts';
import { claim, controllerOf } from '../runtime/owners.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { nextAvailability, type Pod, type PodTemplate } from '../runtime/pod.ts';
import { controlledBy, indexByController, orphansIn } from '../runtime/pods-by-controller.ts';
import { controllerRevisions, persistentVolumeClaims, pods, statefulSets } from '../runtime/resources.ts';
import { createClaims, settleClaimOwners } from './claims.ts';
import { planSteps, statefulSetStatus, type Step } from './plan.ts';
import { ordinalOf, podFor, podNameLabel, revisionLabel, type StatefulSet } from './stateful-set.ts';

const revisionHashLabel = 'controller.kubernetes.io/hash';

export const statefulSet = defineController({
  name: 'statefulset-controller',
  for: statefulSets,
  owns: [pods, controllerRevisions],
  watches: [watching<Pod>(pods, setsWanting)],
  prepare({ informers }) {
    indexByController(informers.for<Pod>(pods));
    indexByController(informers.for<ControllerRevision>(controllerRevisions));
    informers.for(persistentVolumeClaims);
  },
  reconcile,
});

function* setsWanting(pod: Pod, { informers }: ControllerContext): Iterable<string> {
  if (controllerOf(pod)) return;
  for (const set of informers.for<StatefulSet>(statefulSets).inNamespace(pod.metadata.namespace ?? '')) {
    if (selectorMatches(set.spec.selector, pod.metadata.labels)) yield keyOf(set);
  }
}

async function reconcile(key: string, context: ControllerContext): Promise<{ after?: number | undefined } | void> {
  const { informers, clock } = context;
  const set = informers.for<StatefulSet>(statefulSets).get(key);
  if (!set) return;
  const matches = ({ metadata }: ControllerRevision) => selectorMatches(set.spec.selector, metadata.labels);
  const revisions = await revisionsOf(set, statefulSets, matches, context);
  const { revision: update, collisionCount } = await currentRevision(
    {
      owner: set,
      ownerResource: statefulSets,
      data: templatePatch(set.spec.template),
      revision: (revisions.at(-1)?.revision ?? 0) + 1,
      labels: { ...set.spec.template.metadata?.labels },
      annotations: { ...set.metadata.annotations },
      hashLabel: revisionHashLabel,
      collisionCount: set.status?.collisionCount ?? 0,
    },
    revisions,
    context,
  );
  const current = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision) ?? update;
  const names = { current: current.metadata.name ?? '', update: update.metadata.name ?? '' };
  const claimed = await podsOf(set, context);
  if (!set.metadata.deletionTimestamp) {
    for (const pod of claimed) await settleClaimOwners(set, pod, context);
    const steps = planSteps(set, claimed, names, clock.now());
    for (const step of steps) await take(step, set, { current, update }, context);
  }
  const now = await podsOf(set, context);
  await writeStatus(set, statefulSetStatus(set, now, { ...names, collisionCount }, clock.now()), context);
  const used = new Set([names.current, names.update, ...now.map(({ metadata }) => metadata.labels?.[revisionLabel])]);
  const isUsed = ({ metadata }: ControllerRevision) => used.has(metadata.name);
  await forgetRevisions(revisions, isUsed, set.spec.revisionHistoryLimit ?? 10, context);
  return { after: nextAvailability(now, set.spec.minReadySeconds ?? 0, clock.now()) };
}

function podsOf(set: StatefulSet, { client, informers }: ControllerContext): Promise<Pod[]> {
  const all = informers.for<Pod>(pods);
  return claim<Pod>({
    client,
    owner: set,
    ownerResource: statefulSets,
    resource: pods,
    candidates: [...controlledBy(all, set.metadata.uid), ...orphansIn(all, set.metadata.namespace)],
    // A pod of another name is none of this set's, whatever its labels.
    matches: (pod) => selectorMatches(set.spec.selector, pod.metadata.labels) && ordinalOf(set, pod) !== undefined,
  });
}

/** The template a revision keeps. */
const templateOf = ({ data }: ControllerRevision): PodTemplate => {
  const { $patch: _, ...template } = (data as { spec: { template: PodTemplate & { $patch?: string } } }).spec.template;
  return template;
};

async function take(
  step: Step,
  set: StatefulSet,
  revisions: { current: ControllerRevision; update: ControllerRevision },
  context: ControllerContext,
): Promise<void> {
  switch (step.do) {
    case 'claims':
      return createClaims(set, step.ordinal, context);
    case 'create': {
      const revision = revisions[step.revision];
      const pod = podFor(set, templateOf(revision), revision.metadata.name ?? '', step.ordinal);
      await createClaims(set, step.ordinal, context);
      return create(pod, set, context);
    }
    case 'repair': {
      const { name = '', namespace } = step.pod.metadata;
      const body = { metadata: { labels: { [podNameLabel]: name } } };
      await context.client.for<Pod>(pods).patch(name, namespace, body, { type: 'strategic' });
      return createClaims(set, step.ordinal, context);
    }
    case 'delete':
      return remove(step, set, context);
  }
}

function tell(
  set: StatefulSet,
  verb: 'Create' | 'Delete',
  pod: Pod,
  error: unknown,
  { events }: ControllerContext,
): void {
  const what = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
  if (!error) events.event(set, statefulSets, 'Normal', `Successful${verb}`, `${what} successful`);
  else events.event(set, statefulSets, 'Warning', `Failed${verb}`, `${what} failed error: ${(error as Error).message}`);
}

async function create(pod: Pod, set: StatefulSet, context: ControllerContext): Promise<void> {
  try {
    await context.client.for<Pod>(pods).create(pod);
    tell(set, 'Create', pod, undefined, context);
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    // The name may still be taken by its predecessor, which the next event tells of.
    if (!isAlreadyExists(error)) tell(set, 'Create', pod, error, context);
    throw error;
  }
}

async function remove(
  { pod, why }: Extract<Step, { do: 'delete' }>,
  set: StatefulSet,
  context: ControllerContext,
): Promise<void> {
  const { name = '', namespace } = pod.metadata;
  const about = `StatefulSet ${namespace}/${set.metadata.name} is recreating`;
  if (why === 'failed') {
    context.events.event(set, statefulSets, 'Warning', 'RecreatingFailedPod', `${about} failed Pod ${name}`);
  } else if (why === 'succeeded') {
    context.events.event(set, statefulSets, 'Normal', 'RecreatingTerminatedPod', `${about} terminated Pod ${name}`);
  }
  try {
    await context.client.for<Pod>(pods).delete(name, namespace);
    tell(set, 'Delete', pod, undefined, context);
  } catch (error) {
    if (isNotFound(error)) return;
    tell(set, 'Delete', pod, error, context);
    throw error;
  }
}

async function writeStatus(
  set: StatefulSet,
  status: StatefulSet['status'],
  { client }: ControllerContext,
): Promise<void> {
  if (!status || equalJson(set.status, status)) return;
  try {
    await client.for<StatefulSet>(statefulSets).updateStatus({ ...set, status });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

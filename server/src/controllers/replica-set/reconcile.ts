/** Keeps as many pods alive as a set asks for. */
// Like pkg/controller/replicaset, which serves ReplicationControllers too.
import type { ResourceRef } from '@naru/api/client/client';
import { isNotFound } from '@naru/api/status';
import {
  controllerUser,
  defineController,
  watching,
  type Controller,
  type ControllerContext,
} from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { selectorMatches } from '../runtime/label-selector.ts';
import { claim, controllerOf, isControlledBy } from '../runtime/owners.ts';
import { createPod, deletePod, isNamespaceTerminating, podFromTemplate } from '../runtime/pod-control.ts';
import { isActive, isFinished, isTerminating, nextAvailability, type Pod } from '../runtime/pod.ts';
import { controlledBy, indexByController, orphansIn } from '../runtime/pods-by-controller.ts';
import { pods, replicaSets, replicationControllers } from '../runtime/resources.ts';
import { slowStart } from '../runtime/slow-start.ts';
import { podsToDelete } from './pods-to-delete.ts';
import { replicasOf, type ReplicaSet, type ReplicationController } from './replica-set.ts';
import { replicaSetStatus } from './status.ts';

const mostAtOnce = 500;

interface SetKind {
  resource: ResourceRef;
  component: string;
  /** A ReplicaSet's view of the object; undefined: nothing to do for it. */
  view(object: ReplicaSet | ReplicationController): ReplicaSet | undefined;
  countsTerminating: boolean;
}

const replicaSetKind: SetKind = {
  resource: replicaSets,
  component: 'replicaset-controller',
  view: (object) => object as ReplicaSet,
  countsTerminating: true,
};

const replicationControllerKind: SetKind = {
  resource: replicationControllers,
  component: 'replication-controller',
  view: (object) => {
    const { selector, template, ...spec } = (object as ReplicationController).spec;
    if (!selector || !template) return undefined;
    return { ...object, spec: { ...spec, template, selector: { matchLabels: selector } } };
  },
  countsTerminating: false,
};

const controllerFor = (kind: SetKind): Controller =>
  defineController({
    name: kind.component,
    user: controllerUser(kind.component),
    for: kind.resource,
    owns: [pods],
    watches: [watching<Pod>(pods, (pod, context) => setsWanting(pod, kind, context))],
    prepare({ informers }) {
      indexByController(informers.for<Pod>(pods));
      indexByController(informers.for<ReplicaSet>(kind.resource));
    },
    reconcile: (key, context) => reconcile(key, kind, context),
  });

export const replicaSet = controllerFor(replicaSetKind);
export const replicationController = controllerFor(replicationControllerKind);

/** A pod that nobody controls may be adopted by any set that selects it. */
function* setsWanting(pod: Pod, kind: SetKind, { informers }: ControllerContext): Iterable<string> {
  if (controllerOf(pod) || isTerminating(pod)) return;
  const { namespace = '' } = pod.metadata;
  for (const object of informers.for<ReplicaSet>(kind.resource).inNamespace(namespace)) {
    const set = kind.view(object);
    if (set && selectorMatches(set.spec.selector, pod.metadata.labels)) yield `${namespace}/${set.metadata.name}`;
  }
}

async function reconcile(key: string, kind: SetKind, context: ControllerContext): Promise<{ after?: number } | void> {
  const { client, informers, clock } = context;
  const object = informers.for<ReplicaSet>(kind.resource).get(key);
  const set = object && kind.view(object);
  if (!set) return;
  const all = informers.for<Pod>(pods);
  const { namespace, uid } = set.metadata;
  const matches = (pod: Pod) => selectorMatches(set.spec.selector, pod.metadata.labels);
  const own = controlledBy(all, uid);
  const active = await claim<Pod>({
    client,
    owner: set,
    ownerResource: kind.resource,
    resource: pods,
    candidates: [...own, ...orphansIn(all, namespace)].filter(isActive),
    matches,
  });
  const terminating = own.filter((pod) => isTerminating(pod) && !isFinished(pod) && matches(pod));
  const failure = set.metadata.deletionTimestamp ? undefined : await manageReplicas(set, kind, active, context);
  const status = replicaSetStatus(set, {
    active,
    ...(kind.countsTerminating && { terminating }),
    failure,
    now: clock.now(),
  });
  await writeStatus(object, status, kind, context);
  if (failure) throw failure;
  const after = nextAvailability(active, set.spec.minReadySeconds ?? 0, clock.now());
  return after === undefined ? undefined : { after };
}

/** Creates or deletes what is missing or too much; returns what it failed with. */
async function manageReplicas(
  set: ReplicaSet,
  kind: SetKind,
  active: readonly Pod[],
  context: ControllerContext,
): Promise<unknown> {
  const owner = { object: set, resource: kind.resource };
  const difference = active.length - replicasOf(set);
  try {
    if (difference < 0) {
      await slowStart(Math.min(-difference, mostAtOnce), async () => {
        await createPod(podFromTemplate(set.spec.template, owner), owner, context).catch((error: unknown) => {
          if (!isNamespaceTerminating(error)) throw error;
        });
      });
    } else if (difference > 0) {
      const count = Math.min(difference, mostAtOnce);
      const going = podsToDelete(active, relatedPods(set, kind, context), count, context.clock.now());
      const outcomes = await Promise.allSettled(going.map((pod) => deletePod(pod, owner, context)));
      const failed = outcomes.find(({ status }) => status === 'rejected');
      if (failed?.status === 'rejected') return failed.reason as unknown;
    }
    return undefined;
  } catch (error) {
    return error;
  }
}

/** The pods of every set that has the same controller, such as all revisions of a Deployment. */
function relatedPods(set: ReplicaSet, kind: SetKind, { informers }: ControllerContext): Pod[] {
  const all = informers.for<Pod>(pods);
  const controller = controllerOf(set)?.uid;
  if (!controller) return controlledBy(all, set.metadata.uid);
  const siblings = controlledBy(informers.for<ReplicaSet>(kind.resource), controller);
  return siblings.flatMap((sibling) =>
    controlledBy(all, sibling.metadata.uid).filter((pod) => isControlledBy(pod, sibling)),
  );
}

async function writeStatus(
  object: ReplicaSet,
  status: ReplicaSet['status'],
  kind: SetKind,
  { client }: ControllerContext,
): Promise<void> {
  if (equalJson(object.status, status)) return;
  try {
    await client.for<ReplicaSet>(kind.resource).updateStatus({ ...object, ...(status && { status }) });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

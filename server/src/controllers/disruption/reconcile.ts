/** Keeps every budget's count of pods that may be disrupted. */
// Like pkg/controller/disruption.
import { keyOf } from '@naru/api/client/object-cache';
import type { ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { selectorMatches } from '../runtime/label-selector.ts';
import { controllerOf, ownedKey } from '../runtime/owners.ts';
import { isFinished, type Pod } from '../runtime/pod.ts';
import { replicasOf } from '../replica-set/replica-set.ts';
import {
  deployments,
  podDisruptionBudgets,
  pods,
  replicaSets,
  replicationControllers,
  statefulSets,
} from '../runtime/resources.ts';
import { budgetStatus, disruptedPods, expectation, type PodDisruptionBudget } from './status.ts';

interface Scaled extends KubeObject {
  spec: { replicas?: number };
}

const scaledKinds: readonly ResourceRef[] = [replicaSets, deployments, statefulSets, replicationControllers];

export const disruption = defineController({
  name: 'disruption-controller',
  component: 'controllermanager',
  for: podDisruptionBudgets,
  watches: [
    watching<Pod>(pods, budgetsSelecting),
    ...[replicaSets, deployments].map((resource) =>
      // Their size is what shares are counted of.
      watching(resource, ({ metadata }, { informers }) =>
        informers
          .for<PodDisruptionBudget>(podDisruptionBudgets)
          .inNamespace(metadata.namespace ?? '')
          .map(keyOf),
      ),
    ),
  ],
  prepare({ informers, config }) {
    const served = new Set(config.catalog.list().map(({ plural, group }) => `${plural}.${group}`));
    for (const resource of scaledKinds) {
      if (served.has(`${resource.plural}.${resource.group}`)) informers.for(resource);
    }
  },
  reconcile,
});

function* budgetsSelecting(pod: Pod, { informers }: ControllerContext): Iterable<string> {
  for (const budget of informers
    .for<PodDisruptionBudget>(podDisruptionBudgets)
    .inNamespace(pod.metadata.namespace ?? '')) {
    if (selectorMatches(budget.spec.selector, pod.metadata.labels)) yield keyOf(budget);
  }
}

async function reconcile(key: string, context: ControllerContext): Promise<{ after?: number | undefined } | void> {
  const { client, informers, clock, events } = context;
  const budget = informers.for<PodDisruptionBudget>(podDisruptionBudgets).get(key);
  if (!budget) return;
  const { namespace = '' } = budget.metadata;
  const selected = informers
    .for<Pod>(pods)
    .inNamespace(namespace)
    .filter((pod) => selectorMatches(budget.spec.selector, pod.metadata.labels) && !isFinished(pod));
  if (selected.length === 0) events.event(budget, podDisruptionBudgets, 'Normal', 'NoPods', 'No matching pods found');
  const expected = expectation(budget, selected.length, () => scaleOf(budget, selected, context));
  const now = clock.now();
  const { kept, late, after } = disruptedPods(budget, selected, now);
  for (const pod of late) {
    const message = 'Pod was expected by PDB to be deleted but it was not';
    events.event(pod, pods, 'Warning', 'NotDeleted', message);
  }
  const status = budgetStatus(budget, selected, expected, kept, now);
  if (!equalJson(status, budget.status)) {
    try {
      await client.for<PodDisruptionBudget>(podDisruptionBudgets).updateStatus({ ...budget, status });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { after };
}

/** Pods that the controllers of these pods are told to keep, each controller counted once. */
function scaleOf(
  budget: PodDisruptionBudget,
  selected: readonly Pod[],
  { informers, events }: ControllerContext,
): number {
  const found = new Map<string, number>();
  const unmanaged: string[] = [];
  const find = (object: KubeObject, resource: ResourceRef) => {
    const [key] = ownedKey(object, resource);
    const owner = key === undefined ? undefined : (informers.find(resource)?.get(key) as Scaled | undefined);
    return owner?.metadata.uid === controllerOf(object)?.uid ? owner : undefined;
  };
  for (const pod of selected) {
    const set = find(pod, replicaSets) ?? find(pod, statefulSets) ?? find(pod, replicationControllers);
    const owner = (set && find(set, deployments)) ?? set;
    if (owner) found.set(owner.metadata.uid ?? '', replicasOf(owner));
    else if (!controllerOf(pod)) unmanaged.push(pod.metadata.name ?? '');
  }
  if (unmanaged.length) {
    const message = `Pods selected by this PodDisruptionBudget (selector: ${selectorText(budget)}) were found to be unmanaged. As a result, the status of the PDB cannot be calculated correctly, which may result in undefined behavior. To account for these pods please set ".spec.minAvailable" field of the PDB to an integer value.`;
    events.event(budget, podDisruptionBudgets, 'Warning', 'UnmanagedPods', message);
  }
  return [...found.values()].reduce((sum, replicas) => sum + replicas, 0);
}

/** As Go prints the selector. */
function selectorText({ spec }: PodDisruptionBudget): string {
  const labels = Object.entries(spec.selector?.matchLabels ?? {}).map(([key, value]) => `${key}: ${value},`);
  const expressions = (spec.selector?.matchExpressions ?? []).map(({ key, operator, values = [] }) => {
    return `{${key} ${operator} [${values.join(' ')}]}`;
  });
  return `&LabelSelector{MatchLabels:map[string]string{${labels.sort().join('')}},MatchExpressions:[]LabelSelectorRequirement{${expressions.map((one) => `${one},`).join('')}},}`;
}

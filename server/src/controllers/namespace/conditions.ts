/** The five conditions that tell how far the deletion of a namespace has come. Pure. */
// Like pkg/controller/namespace/deletion/status_condition_utils.go.
import { conditionOf, type Condition } from '../runtime/condition.ts';
import { timestamp } from '../runtime/timestamp.ts';

/** What was found when everything had been asked to go. Keys are sorted in messages. */
export interface Remains {
  /** `pods.` or `deployments.apps` → objects left. */
  resources: ReadonlyMap<string, number>;
  finalizers: ReadonlyMap<string, number>;
  discoveryError?: string | undefined;
  contentError?: string | undefined;
}

export const nothingRemains: Remains = { resources: new Map(), finalizers: new Map() };

const fine: readonly (readonly [type: string, reason: string, message: string])[] = [
  ['NamespaceDeletionDiscoveryFailure', 'ResourcesDiscovered', 'All resources successfully discovered'],
  ['NamespaceDeletionGroupVersionParsingFailure', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'],
  [
    'NamespaceDeletionContentFailure',
    'ContentDeleted',
    'All content successfully deleted, may be waiting on finalization',
  ],
  ['NamespaceContentRemaining', 'ContentRemoved', 'All content successfully removed'],
  ['NamespaceFinalizersRemaining', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'],
];

const counted = (counts: ReadonlyMap<string, number>, text: (name: string, count: number) => string): string =>
  [...counts]
    .map(([name, count]) => text(name, count))
    .sort()
    .join(', ');

function troubles({ resources, finalizers, discoveryError, contentError }: Remains): Map<string, [string, string]> {
  const found = new Map<string, [string, string]>();
  if (discoveryError) found.set('NamespaceDeletionDiscoveryFailure', ['DiscoveryFailed', discoveryError]);
  if (contentError) found.set('NamespaceDeletionContentFailure', ['ContentDeletionFailed', contentError]);
  if (resources.size) {
    const list = counted(resources, (name, count) => `${name} has ${count} resource instances`);
    found.set('NamespaceContentRemaining', ['SomeResourcesRemain', `Some resources are remaining: ${list}`]);
  }
  if (finalizers.size) {
    const list = counted(finalizers, (name, count) => `${name} in ${count} resource instances`);
    const message = `Some content in the namespace has finalizers remaining: ${list}`;
    found.set('NamespaceFinalizersRemaining', ['SomeFinalizersRemain', message]);
  }
  return found;
}

/** All five, in place; a time moves only with its status. */
export function namespaceConditions(
  current: readonly Condition[] | undefined,
  remains: Remains,
  now: number,
): Condition[] {
  const trouble = troubles(remains);
  const conditions = [...(current ?? [])];
  for (const [type, reason, message] of fine) {
    const [actualReason, actualMessage] = trouble.get(type) ?? [reason, message];
    const status = trouble.has(type) ? 'True' : 'False';
    const old = conditionOf(conditions, type);
    const lastTransitionTime =
      old?.status === status && old.lastTransitionTime ? old.lastTransitionTime : timestamp(now);
    const condition: Condition = { type, status, reason: actualReason, message: actualMessage, lastTransitionTime };
    if (old) conditions[conditions.indexOf(old)] = condition;
    else conditions.push(condition);
  }
  return conditions;
}

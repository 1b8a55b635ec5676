/** pods/eviction: deletes a pod, if its disruption budget has room. */
// Like pkg/registry/core/pod/storage/eviction.go.
import type { V1Eviction, V1Pod, V1PodDisruptionBudget } from '@kubernetes/client-node';
import { matchesLabels, selectorFromObject } from '@naru/api/label-selector';
import type { AnyObject, LabelSelector } from '@naru/api/object';
import { StatusError, badRequest, forbidden, isNotFound } from '@naru/api/status';
import type { Kind } from '../../kinds/define-kind.ts';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { StoredObject } from '../../watch/stored-object.ts';
import { registryRoot } from '../../watch/watch-cache.ts';
import type { Api, Target } from '../api.ts';
import { changeStored } from '../commit.ts';
import type { DeleteOptions } from '../delete-options.ts';
import { deleteObject } from '../delete.ts';
import { get } from '../get.ts';
import { timestamp } from '../prepare.ts';
import { created } from './subresource-success.ts';

type Pod = ObjectFields<V1Pod>;
type Budget = ObjectFields<V1PodDisruptionBudget>;

export interface EvictRequest extends Target {
  readonly object: AnyObject;
  readonly dryRun: boolean;
  warn(text: string): void;
}

/** Budgets remember this many pods that are on their way out. */
const mostDisrupted = 2000;
const retrySeconds = 10;

export async function evict(request: EvictRequest, api: Api): Promise<AnyObject> {
  const eviction = fieldsOf<V1Eviction>(request.object);
  if (eviction.metadata.name !== request.name) throw badRequest('name in URL does not match name in Eviction object');
  const options = optionsOf(eviction, request.dryRun);
  const stored = get(request, api);
  const pod = fieldsOf<V1Pod>(stored.object);
  if (needsNoBudget(pod)) {
    await remove(request, options, api);
    return created();
  }
  await takeFromBudget(pod, request, options, api);
  await remove(request, options, api);
  return created();
}

function optionsOf({ deleteOptions }: ObjectFields<V1Eviction>, dryRun: boolean): DeleteOptions {
  const { gracePeriodSeconds, preconditions, propagationPolicy, orphanDependents } = deleteOptions ?? {};
  return {
    dryRun: dryRun || (deleteOptions?.dryRun?.length ?? 0) > 0,
    ...(gracePeriodSeconds !== undefined && gracePeriodSeconds !== null && { gracePeriodSeconds }),
    ...(preconditions && { preconditions }),
    ...(propagationPolicy && { propagationPolicy }),
    ...(orphanDependents !== undefined && orphanDependents !== null && { orphanDependents }),
  };
}

/** A pod that serves nobody disrupts nothing by going. */
const needsNoBudget = ({ metadata, status }: Pod): boolean =>
  metadata.deletionTimestamp !== undefined || ['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '');

async function remove(request: EvictRequest, options: DeleteOptions, api: Api): Promise<void> {
  if (!options.dryRun) await sayWhy(request, options, api);
  await deleteObject({ ...request, options }, api);
}

/** The pod tells that it goes by eviction. */
async function sayWhy(request: EvictRequest, { preconditions }: DeleteOptions, api: Api): Promise<void> {
  await changeStored(
    {
      ...request,
      dryRun: false,
      async change(current) {
        const object = current.copy();
        delete object.metadata.resourceVersion;
        const pod = fieldsOf<V1Pod>(object);
        const isMeant = !preconditions?.uid || preconditions.uid === object.metadata.uid;
        const isCurrent = !preconditions?.resourceVersion || preconditions.resourceVersion === current.resourceVersion;
        if (isMeant && isCurrent) addCondition(pod, timestamp(api.clock.now()));
        return { object };
      },
    },
    api,
  );
}

function addCondition(pod: Pod, now: string): void {
  const conditions = pod.status?.conditions ?? [];
  const known = conditions.find(({ type }) => type === 'DisruptionTarget');
  if (known?.status === 'True' && known.reason === 'EvictionByEvictionAPI') return;
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'EvictionByEvictionAPI',
    message: 'Eviction API: evicting',
    lastTransitionTime: now,
    lastProbeTime: null as never,
  };
  pod.status = { ...pod.status, conditions: [...conditions.filter((other) => other !== known), condition] };
}

async function takeFromBudget(pod: Pod, request: EvictRequest, options: DeleteOptions, api: Api): Promise<void> {
  const kind = api.catalog.byKind({ group: 'policy', version: 'v1', kind: 'PodDisruptionBudget' });
  if (!kind) return;
  const budgets = budgetsOf(pod, request.namespace, kind, api);
  if (budgets.length > 1) {
    const message = 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.';
    throw new StatusError({ code: 500, message });
  }
  const budget = budgets[0];
  if (!budget || mayGoUnhealthy(pod, budget)) return;
  const { name = '', namespace = '' } = budget.metadata;
  const change = async (current: StoredObject) => {
    const object = current.copy();
    delete object.metadata.resourceVersion;
    checkAndDecrement(fieldsOf<V1PodDisruptionBudget>(object), pod.metadata.name!, timestamp(api.clock.now()));
    return { object };
  };
  try {
    await changeStored({ kind, namespace, name, dryRun: options.dryRun, change }, api);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function budgetsOf({ metadata: { labels } }: Pod, namespace: string, kind: Kind, api: Api): Budget[] {
  const prefix = `${registryRoot}${kind.storagePrefix}/${namespace}/`;
  const budgets = [...api.cache.resource(kind.storagePrefix).range(prefix)].map(({ object }) =>
    fieldsOf<V1PodDisruptionBudget>(object),
  );
  return budgets.filter(({ spec }) =>
    matchesLabels(selectorFromObject(spec?.selector as LabelSelector | undefined), labels),
  );
}

const isReady = ({ status }: Pod): boolean =>
  status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') ?? false;

function mayGoUnhealthy(pod: Pod, { spec, status }: Budget): boolean {
  if (isReady(pod)) return false;
  if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

/** Changes `budget`. Throws 429 when it has no room. */
function checkAndDecrement(budget: Budget, podName: string, now: string): void {
  const { metadata, status = {} } = budget;
  const { name = '' } = metadata;
  const refuse = (why: string) => forbidden({ group: 'policy', resource: 'poddisruptionbudget' }, name, why);
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw tooMany(`The disruption budget ${name} is still being processed by the server.`, retrySeconds);
  }
  const allowed = status.disruptionsAllowed ?? 0;
  if (allowed < 0) throw refuse('pod disruption budget is negative');
  if (Object.keys(status.disruptedPods ?? {}).length > mostDisrupted) {
    throw refuse('DisruptedPods map too big - too many evictions not confirmed by PDB controller');
  }
  if (allowed === 0) {
    throw tooMany(
      `The disruption budget ${name} needs ${status.desiredHealthy ?? 0} healthy pods and has ${status.currentHealthy ?? 0} currently`,
    );
  }
  const conditions = status.conditions ?? [];
  budget.status = {
    ...status,
    disruptionsAllowed: allowed - 1,
    disruptedPods: { ...status.disruptedPods, [podName]: now },
    ...(allowed === 1 && { conditions: conditions.map((condition) => insufficient(condition, now)) }),
  };
}

type Condition = NonNullable<NonNullable<Budget['status']>['conditions']>[number];

const insufficient = (condition: Condition, now: string): Condition =>
  condition.type === 'DisruptionAllowed' && condition.status === 'True'
    ? { ...condition, status: 'False', reason: 'InsufficientPods', lastTransitionTime: now }
    : condition;

/** `retryAfterSeconds`: when asking again may help; when pods must come first nobody knows. */
const tooMany = (why: string, retryAfterSeconds?: number) =>
  new StatusError({
    code: 429,
    reason: 'TooManyRequests',
    message: "Cannot evict pod as it would violate the pod's disruption budget.",
    details: {
      causes: [{ reason: 'DisruptionBudget', message: why }],
      ...(retryAfterSeconds && { retryAfterSeconds }),
    },
  });

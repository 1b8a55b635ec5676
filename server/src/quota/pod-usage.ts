/** What a pod takes of a quota. Pure. */
// Like pkg/quota/v1/evaluator/core/pods.go.
import type { V1Pod, V1PodAffinityTerm } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { aggregateContainers } from '../kinds/core/pod/pod-resources.ts';
import { qosClass } from '../kinds/core/pod/qos-class.ts';
import { isExtendedResource, isHugePageResource, isNativeResource } from '../kinds/core/resource-names.ts';
import { fieldsOf, type Fields, type ObjectFields } from '../kinds/fields.ts';
import type { Evaluator, ScopeRequirement } from './evaluator.ts';
import { amountsFrom, sum, type Amounts } from './quantity-lists.ts';
import { namesMatch } from './scopes.ts';

type Pod = ObjectFields<V1Pod>;
type PodSpec = NonNullable<Pod['spec']>;
const podOf = (object: AnyObject): Pod => fieldsOf<V1Pod>(object);

const computeNames = ['cpu', 'memory', 'ephemeral-storage'];
const countedNames = new Set([
  'count/pods',
  'pods',
  ...computeNames.flatMap((name) => [name, `requests.${name}`, `limits.${name}`]),
]);
/** A quota of these asks every container to say how much it needs. */
const mustBeSaid = ['cpu', 'memory', 'requests.cpu', 'requests.memory', 'limits.cpu', 'limits.memory'];

export const podEvaluator: Evaluator = {
  handles: (operation, subresource) =>
    (operation === 'CREATE' && subresource === '') || (operation === 'UPDATE' && subresource === 'resize'),

  usage(object, now) {
    const pod = podOf(object);
    const count: Amounts = new Map([['count/pods', '1']]);
    return isOver(pod, now) ? count : sum(count, sum(new Map([['pods', '1']]), computeUsage(totalsOf(pod.spec ?? {}))));
  },

  matching: (names) => [...names].filter(isCounted),

  missing(names, object) {
    const { spec = {} } = podOf(object);
    const wanted = mustBeSaid.filter((name) => names.includes(name) && !isSaidOfPod(name, spec)).sort();
    const sentences = wanted.flatMap((name) => {
      const silent = [...(spec.containers ?? []), ...(spec.initContainers ?? [])].filter(
        ({ resources }) =>
          !computeUsage({ requests: amountsFrom(resources?.requests), limits: amountsFrom(resources?.limits) }).has(
            name,
          ),
      );
      const called = [...new Set(silent.map((container) => container.name ?? ''))].sort();
      return called.length ? [`${name} for: ${called.join(',')}`] : [];
    });
    return sentences.length ? `must specify ${sentences.join('; ')}` : undefined;
  },

  isInScope: (scope, object) => isInScope(scope, podOf(object)),
};

const isCounted = (name: string): boolean =>
  countedNames.has(name) ||
  isHugePageResource(name) ||
  name.startsWith('requests.hugepages-') ||
  (name.startsWith('requests.') && !isNativeResource(name));

/** Finished, or gone on a node that does not answer: it takes nothing any more. */
function isOver({ metadata, status }: Pod, now: number): boolean {
  if (status?.phase === 'Succeeded' || status?.phase === 'Failed') return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = metadata;
  if (!deletionTimestamp || deletionGracePeriodSeconds === undefined) return false;
  return now > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

interface Totals {
  requests: Amounts;
  limits: Amounts;
}

/** What the containers need together, what the pod says of itself instead, and its overhead. */
function totalsOf(spec: PodSpec): Totals {
  const overhead = amountsFrom(spec.overhead);
  const requests = new Map([...aggregateContainers(spec, 'requests'), ...amountsFrom(spec.resources?.requests)]);
  const limits = new Map([...aggregateContainers(spec, 'limits'), ...amountsFrom(spec.resources?.limits)]);
  const limited = new Map([...overhead].filter(([name]) => limits.has(name)));
  return { requests: sum(requests, overhead), limits: sum(limits, limited) };
}

// Like podComputeUsageHelper.
function computeUsage({ requests, limits }: Totals): Amounts {
  const usage = new Map<string, string>();
  for (const [name, quantity] of requests) {
    if (computeNames.includes(name) || isHugePageResource(name)) usage.set(name, quantity);
    if (computeNames.includes(name) || isHugePageResource(name) || isExtendedResource(name))
      usage.set(`requests.${name}`, quantity);
  }
  for (const name of computeNames) {
    const limit = limits.get(name);
    if (limit !== undefined) usage.set(`limits.${name}`, limit);
  }
  return usage;
}

const isSaidOfPod = (name: string, { resources }: PodSpec): boolean =>
  computeUsage({ requests: amountsFrom(resources?.requests), limits: amountsFrom(resources?.limits) }).has(name);

function isInScope(scope: ScopeRequirement, { spec = {} }: Pod): boolean {
  switch (scope.scopeName) {
    case 'Terminating':
      return isTerminating(spec);
    case 'NotTerminating':
      return !isTerminating(spec);
    case 'BestEffort':
      return qosClass(spec) === 'BestEffort';
    case 'NotBestEffort':
      return qosClass(spec) !== 'BestEffort';
    case 'PriorityClass':
      return namesMatch(scope, [spec.priorityClassName]);
    case 'CrossNamespacePodAffinity':
      return affinityTerms(spec).some(({ namespaces, namespaceSelector }) => namespaces?.length || namespaceSelector);
    default:
      return false;
  }
}

const isTerminating = ({ activeDeadlineSeconds }: PodSpec): boolean =>
  activeDeadlineSeconds !== undefined && activeDeadlineSeconds >= 0;

const affinityTerms = ({ affinity }: PodSpec): Fields<V1PodAffinityTerm>[] =>
  [affinity?.podAffinity, affinity?.podAntiAffinity].flatMap((rules) => [
    ...(rules?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
    ...(rules?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(
      ({ podAffinityTerm }) => podAffinityTerm ?? {},
    ),
  ]);

/** Terms of pod affinity: which pods one means, and in which namespaces. */
// Like framework.AffinityTerm.
import type { LabelSelector } from '@naru/api/object';
import { selectorMatches } from '../runtime/label-selector.ts';
import type { Pod, PodAffinityTerm } from '../runtime/pod.ts';
import type { Surroundings } from './framework.ts';

export interface AffinityTerm {
  topologyKey: string;
  weight: number;
  matches(pod: Pod): boolean;
}

/** Adds what matchLabelKeys and mismatchLabelKeys say of the pod's own labels. */
function selectorOf({ labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] }: PodAffinityTerm, pod: Pod) {
  if (!labelSelector || matchLabelKeys.length + mismatchLabelKeys.length === 0) return labelSelector;
  const labels = pod.metadata.labels ?? {};
  const expressions = (keys: string[], operator: 'In' | 'NotIn') =>
    keys.flatMap((key) => {
      const value = Object.hasOwn(labels, key) ? labels[key] : undefined;
      return value === undefined ? [] : [{ key, operator, values: [value] }];
    });
  const matchExpressions: LabelSelector['matchExpressions'] = [
    ...(labelSelector.matchExpressions ?? []),
    ...expressions(matchLabelKeys, 'In'),
    ...expressions(mismatchLabelKeys, 'NotIn'),
  ];
  return { ...labelSelector, matchExpressions };
}

export function affinityTerm(term: PodAffinityTerm, pod: Pod, surroundings: Surroundings, weight = 0): AffinityTerm {
  const { namespaces = [], namespaceSelector, topologyKey } = term;
  const selector = selectorOf(term, pod);
  const own = namespaces.length === 0 && !namespaceSelector ? [pod.metadata.namespace ?? ''] : namespaces;
  const named = new Set(own);
  return {
    topologyKey,
    weight,
    matches({ metadata: { namespace = '', labels } }) {
      const here =
        named.has(namespace) ||
        (namespaceSelector !== undefined &&
          selectorMatches(namespaceSelector, surroundings.labelsOfNamespace(namespace) ?? {}));
      return here && selectorMatches(selector, labels);
    },
  };
}

export const requiredTerms = (
  terms: readonly PodAffinityTerm[] | undefined,
  pod: Pod,
  surroundings: Surroundings,
): AffinityTerm[] => (terms ?? []).map((term) => affinityTerm(term, pod, surroundings));

export const preferredTerms = (
  terms: readonly { weight: number; podAffinityTerm: PodAffinityTerm }[] | undefined,
  pod: Pod,
  surroundings: Surroundings,
): AffinityTerm[] =>
  (terms ?? []).map(({ weight, podAffinityTerm }) => affinityTerm(podAffinityTerm, pod, surroundings, weight));

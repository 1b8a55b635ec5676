/** Warnings about labels of nodes that have been renamed. */
// Like pkg/api/node/util.go.
import type { V1NodeSelectorTerm } from '@kubernetes/client-node';
import type { Fields } from '../fields.ts';

const deprecatedLabels = new Map([
  ['beta.kubernetes.io/arch', 'deprecated since v1.14; use "kubernetes.io/arch" instead'],
  ['beta.kubernetes.io/os', 'deprecated since v1.14; use "kubernetes.io/os" instead'],
  ['failure-domain.beta.kubernetes.io/region', 'deprecated since v1.17; use "topology.kubernetes.io/region" instead'],
  ['failure-domain.beta.kubernetes.io/zone', 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead'],
  ['beta.kubernetes.io/instance-type', 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead'],
]);

/** What is said of a deprecated label; undefined for any other. */
export const deprecatedLabel = (label: string): string | undefined => deprecatedLabels.get(label);

export function nodeSelectorTermWarnings(
  { matchExpressions = [] }: Fields<V1NodeSelectorTerm>,
  path: string,
): string[] {
  return matchExpressions.flatMap(({ key = '' }, index) => {
    const message = deprecatedLabel(key);
    return message ? [`${path}.matchExpressions[${index}].key: ${key} is ${message}`] : [];
  });
}

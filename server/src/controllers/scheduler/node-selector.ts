/** Whether a node matches selector terms. */
// Like component-helpers nodeaffinity.
import type { NodeSelectorTerm, SelectorRequirement } from '../runtime/pod.ts';
/** What a selector can see of a node. */
export interface SelectableNode {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

function holds({ operator, values = [] }: SelectorRequirement, value: string | undefined): boolean {
  switch (operator) {
    case 'In':
      return value !== undefined && values.includes(value);
    case 'NotIn':
      return value === undefined || !values.includes(value);
    case 'Exists':
      return value !== undefined;
    case 'DoesNotExist':
      return value === undefined;
    case 'Gt':
    case 'Lt': {
      const [actual, bound] = [Number(value), Number(values[0])];
      if (value === undefined || !Number.isInteger(actual) || !Number.isInteger(bound)) return false;
      return operator === 'Gt' ? actual > bound : actual < bound;
    }
    default:
      return false;
  }
}

/** A term without requirements matches nothing. */
export function termMatches(
  { matchExpressions = [], matchFields = [] }: NodeSelectorTerm,
  node: SelectableNode,
): boolean {
  if (matchExpressions.length + matchFields.length === 0) return false;
  const { labels, name } = node;
  return (
    matchExpressions.every((one) => holds(one, Object.hasOwn(labels, one.key) ? labels[one.key] : undefined)) &&
    matchFields.every((one) => holds(one, one.key === 'metadata.name' ? name : undefined))
  );
}

/** One term is enough. */
export const anyTermMatches = (terms: readonly NodeSelectorTerm[], node: SelectableNode): boolean =>
  terms.some((term) => termMatches(term, node));

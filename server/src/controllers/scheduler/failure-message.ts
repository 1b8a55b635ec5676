/** The sentence that says why a pod has no node. */
// Like framework.FitError.
import type { Refusal } from './framework.ts';

/** `1 Insufficient cpu, 2 Too many pods`: each reason with the number of nodes that gave it. */
export function histogram(refusals: Iterable<Refusal>): string {
  const counts = new Map<string, number>();
  for (const { reasons } of refusals) for (const reason of reasons) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .map(([reason, count]) => `${count} ${reason}`)
    .sort()
    .join(', ');
}

/** `after`: what trying to make room came to; empty when it made some. */
export function failureMessage(
  nodes: number,
  { impossible, refusals, after }: { impossible?: string | undefined; refusals: Iterable<Refusal>; after: string },
): string {
  const why = impossible ?? histogram(refusals);
  return `0/${nodes} nodes are available:${why && ` ${why}.`}${after && ` ${after}`}`;
}

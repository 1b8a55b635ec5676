/** What a quota holds, counted anew from the objects that are there. Pure. */
// Like CalculateUsage of apiserver pkg/quota/v1.
import type { AnyObject } from '@naru/api/object';
import type { Evaluator } from './evaluator.ts';
import { only, sum, type Amounts } from './quantity-lists.ts';
import { isInScopes, quotaOf } from './scopes.ts';

/** A kind that is served, and its objects in the quota's namespace. */
export interface Counted {
  readonly evaluator: Evaluator;
  objects(): Iterable<AnyObject>;
}

/** Amounts of all that `hard` names and somebody counts; zero where there is nothing. */
export function recount(quota: AnyObject, hard: Amounts, kinds: readonly Counted[], now: number): Amounts {
  let total: Amounts = new Map();
  for (const { evaluator, objects } of kinds) {
    const names = evaluator.matching(hard.keys());
    if (!names.length) continue;
    total = sum(total, new Map(names.map((name) => [name, '0'])));
    for (const object of objects())
      if (isInScopes(quotaOf(quota), evaluator, object)) total = sum(total, only(evaluator.usage(object, now), names));
  }
  return total;
}

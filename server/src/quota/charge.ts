/** Whether quotas have room for one more object, and what they hold afterwards. Pure. */
// Like CheckRequest of apiserver pkg/admission/plugin/resourcequota.
import type { AnyObject } from '@naru/api/object';
import type { Evaluator } from './evaluator.ts';
import { amountsFrom, difference, exceeding, listed, only, sum, withoutZeros, type Amounts } from './quantity-lists.ts';
import { isInScopes, quotaOf, type Quota } from './scopes.ts';

export interface Charge {
  readonly quota: AnyObject;
  /** What the quota's status is to say from now on. */
  readonly used: Amounts;
}

export type Outcome = { readonly refusal: string } | { readonly charges: readonly Charge[] };

export interface Question {
  readonly quotas: readonly AnyObject[];
  readonly evaluator: Evaluator;
  readonly object: AnyObject;
  /** What stands there now; absent at creation. */
  readonly old: AnyObject | undefined;
  readonly now: number;
}

export function chargeQuotas({ quotas, evaluator, object, old, now }: Question): Outcome {
  const concerned: Concerned[] = [];
  for (const each of quotas) {
    const found = concern(each, evaluator, object);
    if (found && 'refusal' in found) return found;
    if (found) concerned.push(found);
  }
  if (!concerned.length) return { charges: [] };
  const usage = evaluator.usage(object, now);
  const delta = withoutZeros(old ? difference(usage, evaluator.usage(old, now)) : usage);
  const charges: Charge[] = [];
  for (const { quota, name, hard, used } of concerned) {
    const requested = only(delta, hard.keys());
    if (!requested.size) continue;
    const after = sum(used, requested);
    const over = exceeding(only(after, requested.keys()), hard);
    if (over.length) {
      const [asked, had, most] = [requested, used, hard].map((amounts) => listed(only(amounts, over)));
      return { refusal: `exceeded quota: ${name}, requested: ${asked}, used: ${had}, limited: ${most}` };
    }
    charges.push({ quota, used: after });
  }
  return { charges };
}

interface Concerned {
  quota: AnyObject;
  name: string;
  hard: Amounts;
  used: Amounts;
}

/** Undefined when the quota is not about this object. */
function concern(
  quota: AnyObject,
  evaluator: Evaluator,
  object: AnyObject,
): Concerned | { refusal: string } | undefined {
  const { metadata, status = {} }: Quota = quotaOf(quota);
  const { name = '' } = metadata;
  const [hard, used] = [amountsFrom(status.hard), amountsFrom(status.used)];
  const names = evaluator.matching(hard.keys());
  if (!names.length || !isInScopes(quotaOf(quota), evaluator, object)) return undefined;
  const missing = evaluator.missing?.(names, object);
  if (missing) return { refusal: `failed quota: ${name}: ${missing}` };
  if (names.some((each) => !used.has(each)))
    return { refusal: `status unknown for quota: ${name}, resources: ${[...names].sort().join(',')}` };
  return { quota, name, hard, used };
}

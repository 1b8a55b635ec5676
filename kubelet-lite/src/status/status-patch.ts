/** The smallest strategic merge patch that turns one pod status into another. */
import { equalJson } from '@naru/api/json-object';
import type { PodCondition, PodStatus } from '../pods/pod-status.ts';

type Patch = Record<string, unknown>;

// These lists are merged by their key, the others are replaced whole.
const mergedByIp = ['podIPs', 'hostIPs'] as const;

/** undefined: nothing to write. Fields that only `from` has are left to whoever wrote them, but reason and message. */
export function statusPatch(from: PodStatus, to: PodStatus): Patch | undefined {
  const patch: Patch = {};
  for (const key of Object.keys(to) as (keyof PodStatus)[])
    if (key !== 'conditions' && !equalJson(from[key], to[key])) patch[key] = to[key];
  for (const key of ['reason', 'message'] as const) if (from[key] && !to[key]) patch[key] = null;
  for (const key of mergedByIp) {
    if (!patch[key]) continue;
    const gone = (from[key] ?? []).filter(({ ip }) => !to[key]?.some((address) => address.ip === ip));
    patch[key] = [...(to[key] ?? []), ...gone.map(({ ip }) => ({ $patch: 'delete', ip }))];
  }
  addConditions(patch, from.conditions ?? [], to.conditions ?? []);
  return Object.keys(patch).length > 0 ? patch : undefined;
}

function addConditions(patch: Patch, from: readonly PodCondition[], to: readonly PodCondition[]): void {
  const changed = to.flatMap((condition) => {
    const before = from.find(({ type }) => type === condition.type);
    if (before && equalJson(withoutNulls(before), withoutNulls(condition))) return [];
    const gone = (['reason', 'message'] as const).filter((key) => before?.[key] && !condition[key]);
    return [{ ...condition, ...Object.fromEntries(gone.map((key) => [key, null])) }];
  });
  const order = to.map(({ type }) => ({ type }));
  const moved = !equalJson(
    order,
    from.map(({ type }) => ({ type })),
  );
  if (changed.length === 0 && !moved) return;
  patch['$setElementOrder/conditions'] = order;
  patch['conditions'] = changed;
}

/** A time that is null and one that is not there are the same. */
const withoutNulls = (condition: PodCondition) =>
  Object.fromEntries(Object.entries(condition).filter(([, value]) => value !== null));

/** Gives a cluster its roles and bindings, and back what they have lost: to be locked out of a cluster is no way to live. */
// Like pkg/registry/rbac/rest PostStartHook and component-helpers auth/rbac/reconciliation.
import { cloneJson } from '@naru/api/clone-json';
import type { AnyObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { defaultPolicy } from './authz/defaults/default-policy.ts';
import type { PolicyRule } from './authz/defaults/parse-rule.ts';
import { uncovered } from './authz/rbac/covers.ts';
import { ensure, targetOf } from './bootstrap.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Api } from './verbs/api.ts';
import { get } from './verbs/get.ts';
import { update } from './verbs/update.ts';

const autoUpdate = 'rbac.authorization.kubernetes.io/autoupdate';

/** All at once: the store gathers the writes of a new cluster into a few. */
export async function bootstrapPolicy(api: Api): Promise<void> {
  await Promise.all(defaultPolicy().map((wanted) => reconcile(wanted, api)));
}

async function reconcile(wanted: AnyObject, api: Api): Promise<void> {
  const target = targetOf(api, wanted);
  if (!target) return;
  const stored = find(target, api);
  if (!stored) return ensure(api, wanted);
  if (stored.metadata.annotations?.[autoUpdate] !== 'true') return;
  const object = completed(stored, wanted);
  if (object) await update({ ...target, object }, api);
}

function find(target: NonNullable<ReturnType<typeof targetOf>>, api: Api): AnyObject | undefined {
  try {
    return get(target, api).object;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/** `stored` with what it lacks; undefined when it lacks nothing. What was added to it stays. */
function completed(stored: AnyObject, wanted: AnyObject): AnyObject | undefined {
  const rules = (stored['rules'] as PolicyRule[] | undefined) ?? [];
  const lost = wanted['aggregationRule'] ? [] : uncovered((wanted['rules'] as PolicyRule[] | undefined) ?? [], rules);
  const subjects = (stored['subjects'] as object[] | undefined) ?? [];
  const absent = ((wanted['subjects'] as object[] | undefined) ?? []).filter(
    (subject) => !subjects.some((one) => isDeepStrictEqual(one, subject)),
  );
  const labels = { ...wanted.metadata.labels, ...stored.metadata.labels };
  if (!lost.length && !absent.length && isDeepStrictEqual(labels, stored.metadata.labels)) return undefined;
  return cloneJson({
    ...stored,
    metadata: { ...stored.metadata, labels },
    ...(lost.length && { rules: [...rules, ...lost] }),
    ...(absent.length && { subjects: [...subjects, ...absent] }),
  });
}

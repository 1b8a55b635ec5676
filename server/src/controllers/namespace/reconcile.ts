/** Empties a namespace that is being deleted, pods first, and lets it go when it is empty. */
// Like pkg/controller/namespace.
import { isNotFound, isStatusError } from '@naru/api/status';
import type { KubeObject } from '@naru/api/object';
import type { ServedResource } from '../runtime/controller-config.ts';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import type { Pod } from '../runtime/pod.ts';
import { namespaces, pods } from '../runtime/resources.ts';
import { namespaceConditions, nothingRemains, type Remains } from './conditions.ts';
import type { Namespace } from './namespace.ts';

const finalizer = 'kubernetes';
/** Milliseconds between looks at what remains; content that waits for finalizers tells nobody when it goes. */
const shortestWait = 250;
/** Milliseconds that a namespace others still hold is left as it is; it could not go sooner anyway. */
const graceForOthers = 5000;
const longestWait = 15_000;

export const namespace = defineController({
  name: 'namespace-controller',
  for: namespaces,
  watches: [
    watching<Pod>(pods, ({ metadata: { namespace: name = '' } }, { informers }) =>
      informers.for(namespaces).get(name)?.metadata.deletionTimestamp ? [name] : [],
    ),
  ],
  reconcile,
});

async function reconcile(name: string, context: ControllerContext): Promise<{ after: number } | void> {
  const { client, informers, clock } = context;
  const found = informers.for<Namespace>(namespaces).get(name);
  if (!found?.metadata.deletionTimestamp || !found.spec?.finalizers?.includes(finalizer)) return;
  const heldByOthers = found.spec.finalizers.length > 1;
  const early = Date.parse(found.metadata.deletionTimestamp) + graceForOthers - clock.now();
  if (heldByOthers && early > 0) return { after: early };
  const all = client.for<Namespace>(namespaces);
  try {
    const terminating =
      found.status?.phase === 'Terminating'
        ? found
        : await all.updateStatus({ ...found, status: { ...found.status, phase: 'Terminating' } });
    const { remains, told, empty } = await deleteContent(name, context);
    const updated = await writeConditions(terminating, told, context);
    if (!empty) return { after: waitFor(updated, remains, context) };
    const finalizers = updated.spec?.finalizers?.filter((one) => one !== finalizer) ?? [];
    await all.update({ ...updated, spec: { ...updated.spec, finalizers } }, { subresource: 'finalize' });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

/** Looks again soon at first, and ever more seldom while nothing goes. */
function waitFor(found: Namespace, remains: Remains, { clock }: ControllerContext): number {
  const age = clock.now() - Date.parse(found.metadata.deletionTimestamp ?? '');
  const most = remains.contentError ? longestWait / 3 : longestWait;
  return Math.min(Math.max(shortestWait, age / 4), most);
}

async function writeConditions(
  found: Namespace,
  remains: Remains,
  { client, clock }: ControllerContext,
): Promise<Namespace> {
  const conditions = namespaceConditions(found.status?.conditions, remains, clock.now());
  if (equalJson(conditions, found.status?.conditions)) return found;
  return client.for<Namespace>(namespaces).updateStatus({ ...found, status: { ...found.status, conditions } });
}

/** Asks everything to go. While pods are left nothing else is touched, and conditions do not count them. */
async function deleteContent(
  name: string,
  context: ControllerContext,
): Promise<{ remains: Remains; told: Remains; empty: boolean }> {
  const podsLeft = await deleteKind(name, pods, context);
  if (podsLeft.count > 0 || podsLeft.error) {
    const told = { ...nothingRemains, contentError: podsLeft.error };
    return { remains: told, told, empty: false };
  }
  const resources = new Map<string, number>();
  const finalizers = new Map<string, number>();
  const errors: string[] = [];
  for (const resource of deletable(context)) {
    const left = await deleteKind(name, resource, context);
    if (left.error) errors.push(left.error);
    if (left.count > 0) resources.set(`${resource.plural}.${resource.group}`, left.count);
    for (const [one, count] of left.finalizers) finalizers.set(one, (finalizers.get(one) ?? 0) + count);
  }
  const contentError = errors.length > 1 ? `[${errors.join(', ')}]` : errors[0];
  const remains = { resources, finalizers, contentError };
  return { remains, told: remains, empty: resources.size === 0 && !contentError };
}

/** One version of each namespaced kind that can be deleted. */
function deletable({ config }: ControllerContext): ServedResource[] {
  const found = new Map<string, ServedResource>();
  for (const resource of config.catalog.list()) {
    const verbs = resource.verbs ?? ['delete', 'list'];
    if (resource.scope !== 'Namespaced' || !verbs.includes('delete') || !verbs.includes('list')) continue;
    const key = `${resource.plural}.${resource.group}`;
    if (!found.has(key)) found.set(key, resource);
  }
  found.delete('pods.');
  return [...found.values()];
}

interface Left {
  count: number;
  finalizers: Map<string, number>;
  error?: string;
}

async function deleteKind(
  namespaceName: string,
  resource: ServedResource,
  { client }: ControllerContext,
): Promise<Left> {
  const objects = client.for<KubeObject>(resource);
  const selection = { namespace: namespaceName };
  const finalizers = new Map<string, number>();
  let error: string | undefined;
  try {
    const before = await objects.list(selection);
    if (before.items.length === 0) return { count: 0, finalizers };
    if (before.items.some(({ metadata }) => !metadata.deletionTimestamp)) {
      try {
        await deleteAll(resource, before.items);
      } catch (problem) {
        error = (problem as Error).message;
      }
    }
    const { items } = await objects.list(selection);
    for (const { metadata } of items) {
      for (const one of metadata.finalizers ?? []) finalizers.set(one, (finalizers.get(one) ?? 0) + 1);
    }
    return { count: items.length, finalizers, ...(error && { error }) };
  } catch (problem) {
    // A kind that is served no more has nothing left.
    if (isStatusError(problem) && [404, 405].includes(problem.code)) return { count: 0, finalizers };
    return { count: 0, finalizers, error: (problem as Error).message };
  }

  async function deleteAll({ verbs }: ServedResource, items: readonly KubeObject[]): Promise<void> {
    if (verbs?.includes('deletecollection') ?? true) {
      return objects.deleteCollection(selection, { propagationPolicy: 'Background' });
    }
    for (const { metadata } of items) {
      await objects
        .delete(metadata.name ?? '', namespaceName, { propagationPolicy: 'Background' })
        .catch((problem: unknown) => {
          if (!isNotFound(problem)) throw problem;
        });
    }
  }
}

/** Counts what the namespaces of quotas hold, when something went and from time to time. */
// Like pkg/controller/resourcequota. What comes is counted by admission, which knows of it before it is there.
import type { ResourceRef } from '@naru/api/client/client';
import { keyOf } from '@naru/api/client/object-cache';
import type { AnyObject } from '@naru/api/object';
import { isConflict, isNotFound } from '@naru/api/status';
import { evaluatorOf } from '../../quota/evaluators.ts';
import type { Evaluator } from '../../quota/evaluator.ts';
import { amountsFrom, only, type Amounts } from '../../quota/quantity-lists.ts';
import { recount } from '../../quota/recount.ts';
import { quotaOf } from '../../quota/scopes.ts';
import { controllerUser, type Controller, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { resourceQuotas } from '../runtime/resources.ts';
import { WorkQueue } from '../runtime/work-queue.ts';

const name = 'resourcequota-controller';
/** Milliseconds between counts that nothing else asks for. */
const interval = 5 * 60_000;

export const resourceQuota: Controller = {
  name,
  user: controllerUser(name),
  component: name,
  setup: (context) => new QuotaCounter(context).setup(),
};

interface CountedKind {
  resource: ResourceRef;
  evaluator: Evaluator;
}

class QuotaCounter {
  readonly #context: ControllerContext;
  readonly #queue: WorkQueue;
  readonly #kinds: readonly CountedKind[];

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#kinds = countedKinds(context);
    const { clock, log, signal } = context;
    this.#queue = new WorkQueue({
      clock,
      workers: 5,
      work: (key) => this.#count(key),
      onError: (key, error) => {
        if (signal.aborted) return;
        if (isConflict(error)) log.debug({ controller: name, key }, 'conflict');
        else log.error({ controller: name, key, err: error }, 'counting failed');
      },
    });
    signal.addEventListener('abort', () => this.#queue.stop(), { once: true });
  }

  setup(): () => void {
    const { informers } = this.#context;
    informers.for(resourceQuotas).listen({
      add: (quota) => this.#queue.add(keyOf(quota)),
      // Not when only its status changed: admission has counted what is not there yet.
      update: (quota, old) => {
        if (!equalJson(quota['spec'], old['spec'])) this.#queue.add(keyOf(quota));
      },
    });
    for (const { resource, evaluator } of this.#kinds) this.#follow(resource, evaluator);
    return () => this.#queue.start();
  }

  #follow(resource: ResourceRef, evaluator: Evaluator): void {
    const { informers, clock } = this.#context;
    const changes = evaluator.handles('UPDATE', '') || evaluator.handles('UPDATE', 'resize');
    informers.for(resource).listen({
      delete: (object) => this.#recountNamespaceOf(object),
      ...(changes && {
        update: (object: AnyObject, old: AnyObject) => {
          const now = clock.now();
          const [after, before] = [evaluator.usage(object, now), evaluator.usage(old, now)];
          if (!equalJson(Object.fromEntries(after), Object.fromEntries(before))) this.#recountNamespaceOf(object);
        },
      }),
    });
  }

  #recountNamespaceOf({ metadata }: AnyObject): void {
    for (const quota of this.#context.informers.for(resourceQuotas).inNamespace(metadata.namespace ?? ''))
      this.#queue.add(keyOf(quota));
  }

  async #count(key: string): Promise<void> {
    const { informers, client } = this.#context;
    const quota = informers.for(resourceQuotas).get(key);
    if (!quota) return;
    this.#queue.addAfter(key, interval);
    const status = this.#statusOf(quota);
    if (equalJson(status, quota['status'])) return;
    try {
      await client.for<AnyObject>(resourceQuotas).updateStatus({ ...quota, status });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  #statusOf(quota: AnyObject): { hard?: Record<string, string>; used?: Record<string, string> } {
    const { informers, clock } = this.#context;
    const { metadata, spec, status } = quotaOf(quota);
    const hard = amountsFrom(spec?.hard);
    const kinds = this.#kinds.map(({ resource, evaluator }) => ({
      evaluator,
      objects: () => informers.for<AnyObject>(resource).inNamespace(metadata.namespace ?? ''),
    }));
    const counted = recount(quota, hard, kinds, clock.now());
    // What nobody can count stays as it is.
    const used: Amounts = new Map([...only(amountsFrom(status?.used), hard.keys()), ...counted]);
    return {
      ...(hard.size && { hard: Object.fromEntries(hard) }),
      ...(used.size && { used: Object.fromEntries(used) }),
    };
  }
}

/** One version of every namespaced kind that can be followed. */
function countedKinds({ config }: ControllerContext): CountedKind[] {
  const seen = new Set<string>();
  return config.catalog.list().flatMap((resource) => {
    const key = `${resource.plural}.${resource.group}`;
    const evaluator = evaluatorOf(resource);
    const canFollow = resource.verbs === undefined || ['list', 'watch'].every((verb) => resource.verbs?.includes(verb));
    if (seen.has(key) || resource.scope !== 'Namespaced' || !evaluator || !canFollow) return [];
    seen.add(key);
    return [{ resource, evaluator }];
  });
}

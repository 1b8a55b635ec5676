/** Quotas of projects, and the apps that they hold back. */
import type { Informer } from '@naru/api/client/informer';
import type { ControllerContext } from '../runtime/define-controller.ts';
import { conditionOf } from '../runtime/condition.ts';
import * as resources from '../runtime/resources.ts';
import type { Observed } from './observed.ts';
import { quotaKey, type Key } from './subjects.ts';
import type { Quota, QuotaView } from './views/quota.ts';

export class ObservedQuotas {
  readonly #apps: Observed;
  readonly #quotas: Informer<Quota>;

  constructor({ informers }: ControllerContext, apps: Observed) {
    this.#apps = apps;
    this.#quotas = informers.for<Quota>(resources.resourceQuotas);
  }

  listen(changed: (key: Key) => void): void {
    const about = (quota: Quota) => changed(keyOf(quota));
    this.#quotas.listen({ add: about, update: about, delete: about });
  }

  /** What is refused is no change of the quota: all of them are looked at from time to time. */
  timed(): Key[] {
    return this.#quotas.list().map(keyOf);
  }

  view(namespace: string, name: string): QuotaView | undefined {
    const quota = this.#quotas.get(`${namespace}/${name}`);
    if (!quota) return undefined;
    const refused = this.#apps
      .workloadsIn(namespace)
      .filter(({ workload }) => {
        const failure = conditionOf(workload.status?.conditions, 'ReplicaFailure');
        return failure?.status === 'True' && failure.message?.includes(`exceeded quota: ${name},`);
      })
      .map(({ subject }) => subject.name);
    return { quota, refused };
  }
}

const keyOf = ({ metadata }: Quota): Key => quotaKey(metadata.namespace ?? '', metadata.name ?? '');

/** Asks the server what was used. There is no watch for it: who shows it asks again now and then. */
import { Injectable, computed, inject } from '@angular/core';
import { ApiClient } from '../cluster/api-client';
import { Discovery } from '../cluster/discovery';
import type { Usage, UsageList } from './usage';

export interface Window {
  readonly minutes: number;
}

/** Finer values are kept for this long. */
const fineMinutes = 120;

@Injectable({ providedIn: 'root' })
export class UsageHistory {
  readonly #api = inject(ApiClient);
  readonly #discovery = inject(Discovery);
  /** Whether the server measures. */
  readonly kept = computed(() => this.#discovery.has('naru.dev', 'podusages'));

  /** Of the pods with these labels, those that are gone too. */
  pods(project: string, labels: Readonly<Record<string, string>>, window: Window): Promise<readonly Usage[]> {
    const labelSelector = Object.entries(labels)
      .map(([name, value]) => `${name}=${value}`)
      .join(',');
    return this.#list(`/apis/naru.dev/v1/namespaces/${project}/podusages`, window, { labelSelector });
  }

  allPods(window: Window): Promise<readonly Usage[]> {
    return this.#list('/apis/naru.dev/v1/podusages', window, {});
  }

  nodes(window: Window): Promise<readonly Usage[]> {
    return this.#list('/apis/naru.dev/v1/nodeusages', window, {});
  }

  async #list(path: string, { minutes }: Window, more: Record<string, string>): Promise<readonly Usage[]> {
    const since = new Date(Date.now() - minutes * 60_000).toISOString();
    const resolution = minutes > fineMinutes ? '1m' : '15s';
    const { items } = await this.#api.get<UsageList>(path, { query: { since, resolution, ...more } });
    return items;
  }
}

/** Since when conditions hold that have not lasted long enough to be alerts: kept in a ConfigMap, so that a restart begins no wait anew. */
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { equalJson } from '../runtime/equal-json.ts';
import { configMaps } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { clusterNamespace } from './alert.ts';
import { timeOf } from './views/pod.ts';

const name = 'naru-alert-timers';
/** No rule waits for longer; what is older belongs to another story. */
const oldest = 60 * 60_000;
/** What was not found again so long after the start is over. */
const restoredWithin = 60_000;
const most = 1_000;

interface Times extends KubeObject {
  data?: Record<string, string>;
}

export class PendingTimes {
  readonly #client: Client;
  readonly #clock: Clock;
  #saved: Record<string, string> = {};
  #earlier = new Map<string, number>();
  #startedAt = 0;

  constructor({ client, clock }: { client: Client; clock: Clock }) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Reads what an earlier run left. */
  async load(): Promise<void> {
    const now = (this.#startedAt = this.#clock.now());
    const { data = {} } = await this.#objects.get(name, clusterNamespace).catch((error: unknown): Times => {
      if (isNotFound(error)) return { metadata: {} };
      throw error;
    });
    this.#saved = data;
    const times = Object.entries(data).map(([fingerprint, text]) => [fingerprint, timeOf(text) ?? 0] as const);
    this.#earlier = new Map(times.filter(([, at]) => at <= now && now - at < oldest));
  }

  /** Since when the condition held before the restart, in milliseconds since 1970; told once. */
  take(fingerprint: string, now: number): number | undefined {
    if (now - this.#startedAt > restoredWithin) this.#earlier.clear();
    const at = this.#earlier.get(fingerprint);
    this.#earlier.delete(fingerprint);
    return at;
  }

  /** `times` by fingerprint: all that there are. */
  async save(times: ReadonlyMap<string, number>): Promise<void> {
    const data = Object.fromEntries([...times].slice(0, most).map(([key, at]) => [key, timestamp(at)]));
    if (equalJson(this.#saved, data)) return;
    const gone = Object.keys(this.#saved).filter((fingerprint) => !Object.hasOwn(data, fingerprint));
    const patch = { data: { ...Object.fromEntries(gone.map((fingerprint) => [fingerprint, null])), ...data } };
    await this.#objects.patch(name, clusterNamespace, patch, { type: 'merge' }).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
      return this.#objects.create({ metadata: { name, namespace: clusterNamespace }, data });
    });
    this.#saved = data;
  }

  get #objects() {
    return this.#client.for<Times>(configMaps);
  }
}

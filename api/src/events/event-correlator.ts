/** Decides what becomes of an event: written anew, counted onto one that stands, combined with similar ones, or dropped. */
// Like client-go's EventCorrelator, with its defaults.
import { Recent } from './recent.ts';
import type { Event } from './event.ts';

const mostSimilar = 10;
const similarWithin = 600_000;
const burst = 25;
const refill = 300_000;
const remembered = 4096;

export type Correlated =
  | { do: 'create'; event: Event; key: string }
  /** `event` holds the count it has now; `name` is the event that stands. */
  | { do: 'count'; event: Event; name: string; key: string }
  | { do: 'drop' };

interface Observed {
  name: string;
  count: number;
  firstTimestamp: string;
}

function aboutKey({ source = {}, involvedObject: { kind, namespace, name, uid, apiVersion } }: Event): string {
  return JSON.stringify([source.component, source.host, kind, namespace, name, uid, apiVersion]);
}

const similarKey = (event: Event): string =>
  JSON.stringify([aboutKey(event), event.type, event.reason, event.reportingComponent, event.reportingInstance]);

const exactKey = (event: Event): string =>
  JSON.stringify([similarKey(event), event.involvedObject.fieldPath, event.message]);

export class EventCorrelator {
  readonly #similar = new Recent<{ messages: Set<string>; last: number }>(remembered);
  readonly #observed = new Recent<Observed>(remembered);
  readonly #tokens = new Recent<{ left: number; at: number }>(remembered);

  /** `event` is complete, with name and both timestamps; `now` in milliseconds since 1970. */
  correlate(event: Event, now: number): Correlated {
    const { combined, key } = this.#combine(event, now);
    const observed = this.#observed.get(key);
    const count = (observed?.count ?? 0) + 1;
    const firstTimestamp = observed?.firstTimestamp ?? combined.firstTimestamp ?? '';
    const name = observed?.name ?? combined.metadata.name ?? '';
    this.#observed.set(key, { name, count, firstTimestamp });
    if (!this.#allow(aboutKey(event), now)) return { do: 'drop' };
    if (!observed) return { do: 'create', event: { ...combined, count }, key };
    const counted = { ...combined, metadata: { ...combined.metadata, name }, firstTimestamp, count };
    return { do: 'count', event: counted, name, key };
  }

  /** The event that stood is gone: the next one of its kind is created. */
  forget(key: string): void {
    this.#observed.delete(key);
  }

  #combine(event: Event, now: number): { combined: Event; key: string } {
    const key = similarKey(event);
    const known = this.#similar.get(key);
    const record = known && now - known.last <= similarWithin ? known : { messages: new Set<string>(), last: now };
    record.last = now;
    record.messages.add(event.message);
    this.#similar.set(key, record);
    if (record.messages.size < mostSimilar) return { combined: event, key: exactKey(event) };
    for (const message of record.messages) {
      record.messages.delete(message);
      break;
    }
    return { combined: { ...event, message: `(combined from similar events): ${event.message}` }, key };
  }

  #allow(key: string, now: number): boolean {
    const bucket = this.#tokens.get(key) ?? { left: burst, at: now };
    const left = Math.min(burst, bucket.left + (now - bucket.at) / refill);
    this.#tokens.set(key, { left: left >= 1 ? left - 1 : left, at: now });
    return left >= 1;
  }
}

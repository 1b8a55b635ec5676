/** How long a thing that keeps failing waits before it is tried again: 10 s, doubling to 5 minutes, forgotten after it was well for 10. */
// Like client-go util/flowcontrol.Backoff with the kubelet's values.
import type { Clock } from '@naru/api/clock';

const first = 10_000;
const longest = 300_000;
const forgottenAfter = 2 * longest;

interface Entry {
  wait: number;
  since: number;
}

export class RestartBackoff {
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** When `key`, which failed at `failedAt`, may be tried again; 0: now. Both in milliseconds since 1970. */
  until(key: string, failedAt: number): number {
    const entry = this.#entries.get(key);
    if (!entry || failedAt - entry.since > forgottenAfter) return 0;
    return failedAt + entry.wait;
  }

  /** What `key` waits at the moment, in milliseconds. */
  waitOf(key: string): number {
    return this.#entries.get(key)?.wait ?? 0;
  }

  /** It is tried once more: the next failure waits longer. */
  next(key: string, failedAt: number): void {
    const now = this.#clock.now();
    const entry = this.#entries.get(key);
    const fresh = !entry || failedAt - entry.since > forgottenAfter;
    this.#entries.set(key, { wait: fresh ? first : Math.min(entry.wait * 2, longest), since: now });
  }

  /** Forgets every key that begins with `prefix`. */
  forget(prefix: string): void {
    for (const key of this.#entries.keys()) if (key.startsWith(prefix)) this.#entries.delete(key);
  }
}

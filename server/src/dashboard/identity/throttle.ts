/** Slows down guessing: after ten wrong attempts, one account from one address has to wait. Nobody else is locked out. */
import type { Clock } from '@naru/api/clock';

const mostAttempts = 10;
const lockedFor = 5 * 60_000;
const forgottenAfter = 15 * 60_000;
const mostRemembered = 10_000;

interface Attempts {
  wrong: number;
  last: number;
}

export class Throttle {
  readonly #clock: Clock;
  /** In order of their last failure. */
  readonly #attempts = new Map<string, Attempts>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Milliseconds until another attempt is heard; 0: now. */
  wait(account: string, address: string): number {
    const known = this.#attempts.get(keyOf(account, address));
    if (!known || known.wrong < mostAttempts) return 0;
    return Math.max(0, known.last + lockedFor - this.#clock.now());
  }

  failed(account: string, address: string): void {
    const key = keyOf(account, address);
    const now = this.#clock.now();
    const known = this.#attempts.get(key);
    const isOver = !known || now - known.last > (known.wrong < mostAttempts ? forgottenAfter : lockedFor);
    this.#attempts.delete(key);
    this.#attempts.set(key, { wrong: isOver ? 1 : known.wrong + 1, last: now });
    if (this.#attempts.size > mostRemembered) this.#attempts.delete(this.#attempts.keys().next().value!);
  }

  succeeded(account: string, address: string): void {
    this.#attempts.delete(keyOf(account, address));
  }
}

const keyOf = (account: string, address: string) => JSON.stringify([account, address]);

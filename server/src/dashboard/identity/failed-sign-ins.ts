/** Wrong passwords of the last minutes, for whoever watches over the account. */
import type { Clock } from '@naru/api/clock';

const window = 5 * 60_000;
/** Enough to tell a lot from a few; more are only counted out again. */
const mostKept = 1000;

export interface SignInFailures {
  readonly account: string;
  /** Within five minutes. */
  readonly count: number;
  /** Where the last one came from. */
  readonly address: string;
}

export class FailedSignIns {
  readonly #clock: Clock;
  readonly #attempts = new Map<string, { at: number; address: string }[]>();
  #changed: (account: string) => void = () => {};

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Only of accounts that there are: names can be made up without end. */
  note(account: string, address: string): void {
    const kept = this.#recent(account);
    kept.push({ at: this.#clock.now(), address });
    this.#attempts.set(account, kept.slice(-mostKept));
    this.#changed(account);
  }

  of(account: string): SignInFailures {
    const recent = this.#recent(account);
    if (recent.length) this.#attempts.set(account, recent);
    else this.#attempts.delete(account);
    return { account, count: recent.length, address: recent.at(-1)?.address ?? '' };
  }

  listen(changed: (account: string) => void): void {
    this.#changed = changed;
  }

  #recent(account: string): { at: number; address: string }[] {
    const since = this.#clock.now() - window;
    return (this.#attempts.get(account) ?? []).filter(({ at }) => at > since);
  }
}

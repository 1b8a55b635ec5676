/** Brings the ruleset into the kernel: one nft transaction at a time, only what changed, everything when that fails. */
import type { Clock } from '@naru/api/clock';
import type { RunCommand } from '../run-command.ts';
import type { Existing, Fragment, NamedSet } from './ruleset.ts';
import { Ruleset } from './ruleset.ts';

export interface NftTableOptions {
  table: string;
  run: RunCommand;
  clock: Clock;
  /** Told when the kernel refused; the whole table is tried again with growing pauses. */
  onError(error: unknown): void;
}

const retryFirst = 1000;
const retryLongest = 30_000;

/** Chains and sets that stand in the table, from what `nft` prints of it; nothing when there is no table. */
export function parseNames(listing: string): Existing {
  const chains: string[] = [];
  const sets = new Map<string, NamedSet['kind']>();
  for (const line of listing.split('\n')) {
    const [, kind, name] = /^\t(chain|set|map) (\S+) \{$/.exec(line) ?? [];
    if (!kind || !name) continue;
    if (kind === 'chain') chains.push(name);
    else sets.set(name, kind === 'map' ? 'map' : 'set');
  }
  return { chains, sets };
}

interface Waiter {
  resolve(): void;
  reject(error: unknown): void;
}

export class NftTable {
  readonly #options: NftTableOptions;
  readonly #ruleset: Ruleset;
  /** 'foreign': rules of an earlier agent stand and stay, until takeOver. */
  #state: 'foreign' | 'owned' = 'foreign';
  #needsWhole = true;
  #running = false;
  #scheduled = false;
  #retryAfter = retryFirst;
  #cancelRetry: (() => void) | undefined;
  #waiters: Waiter[] = [];
  #closed = false;

  constructor(options: NftTableOptions) {
    this.#options = options;
    this.#ruleset = new Ruleset(options.table);
  }

  /** Says what `owner` is to have; undefined: nothing. It is brought into the kernel soon. */
  put(owner: string, fragment: Fragment | undefined): void {
    this.#ruleset.put(owner, fragment);
    this.#schedule();
  }

  get(owner: string): Fragment | undefined {
    return this.#ruleset.get(owner);
  }

  /** Everything is known now: what an earlier agent left and nobody wants goes away with the next transaction. */
  takeOver(): void {
    this.#state = 'owned';
    this.#needsWhole = true;
    this.#schedule();
  }

  /** Resolves when all that was put stands in the kernel; rejects when the attempt at it failed (more will follow). */
  applied(): Promise<void> {
    if (this.#closed) return Promise.reject(new Error('the network is closed'));
    if (!this.#running && !this.#scheduled && !this.#ruleset.isDirty && !this.#needsWhole) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiters.push({ resolve, reject });
      this.#schedule();
    });
  }

  /** Makes the table whole again when somebody removed it (`nft flush ruleset`, a firewall's reload). */
  async verify(): Promise<void> {
    if (this.#running || this.#scheduled || this.#needsWhole || this.#closed) return;
    const listing = await this.#options.run(['nft', 'list', 'tables', 'ip']).catch(() => '');
    if (listing.split('\n').includes(`table ip ${this.#options.table}`)) return;
    this.#needsWhole = true;
    this.#schedule();
  }

  close(): void {
    this.#closed = true;
    this.#cancelRetry?.();
    this.#settle(new Error('the network is closed'));
  }

  #schedule(): void {
    if (this.#scheduled || this.#running || this.#closed) return;
    this.#scheduled = true;
    // What is put in one turn goes into one transaction.
    setImmediate(() => {
      this.#scheduled = false;
      void this.#work();
    });
  }

  async #work(): Promise<void> {
    if (this.#running || this.#closed) return;
    this.#running = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    const waiters = this.#waiters;
    this.#waiters = [];
    let failure: unknown;
    try {
      await this.#transaction();
      this.#retryAfter = retryFirst;
    } catch (error) {
      failure = error;
    }
    this.#running = false;
    for (const waiter of waiters) {
      if (failure) waiter.reject(failure);
      else waiter.resolve();
    }
    if (failure) this.#retryLater(failure);
    else if (this.#ruleset.isDirty || this.#needsWhole || this.#waiters.length > 0) this.#schedule();
  }

  async #transaction(): Promise<void> {
    if (!this.#needsWhole) {
      const script = this.#ruleset.takeChanges();
      if (!script) return;
      try {
        await this.#nft(script);
        return;
      } catch (error) {
        this.#options.onError(error); // the table is not what we thought it was
      }
    }
    this.#needsWhole = true;
    await this.#whole();
    this.#needsWhole = false;
  }

  async #whole(): Promise<void> {
    const { run, table, onError } = this.#options;
    const names = parseNames(await run(['nft', '-t', 'list', 'table', 'ip', table]).catch(() => ''));
    const state = this.#state;
    try {
      await this.#nft(this.#ruleset.takeWhole(names, { keepRest: state === 'foreign' }));
    } catch (error) {
      if (state === 'foreign') throw error;
      onError(error);
      await this.#nft(this.#ruleset.takeAnew());
    }
  }

  #nft(script: string): Promise<string> {
    return this.#options.run(['nft', '-f', '-'], script);
  }

  #retryLater(error: unknown): void {
    this.#options.onError(error);
    this.#cancelRetry = this.#options.clock.after(this.#retryAfter, () => this.#schedule());
    this.#retryAfter = Math.min(this.#retryAfter * 2, retryLongest);
  }

  #settle(error: unknown): void {
    for (const waiter of this.#waiters) waiter.reject(error);
    this.#waiters = [];
  }
}

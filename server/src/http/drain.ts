/** The orderly end: say so, take nothing new, let what is under way finish, and only then close. */
// Like apiserver pkg/server RunWithContext: requests that run long are ended, the others are waited for.
import type { Server } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Clock } from '@naru/api/clock';
import { StatusError } from '@naru/api/status';

/** What is still being answered then is cut off. */
const patience = 60_000;
const retryAfterSeconds = 5;
/** How often connections are looked at whose last answer has gone out meanwhile. */
const idleCheck = 100;

/** A request that ends when one of its sides wants it to, so never by waiting. */
export interface LongRunning {
  end(): void;
}

export class Drain {
  #stopping = false;
  readonly #watches = new Set<LongRunning>();
  readonly #streams = new Set<LongRunning>();

  get openWatches(): number {
    return this.#watches.size;
  }

  /** Throws 503 once the server is on its way out. */
  assertOpen(): void {
    if (!this.#stopping) return;
    throw new StatusError({
      code: 503,
      reason: 'ServiceUnavailable',
      message: 'apiserver is shutting down',
      details: { retryAfterSeconds },
    });
  }

  /** Ends it when the server stops, or at once when it is stopping. Returns what to call when it has ended by itself. */
  watch(watch: LongRunning): () => void {
    return this.#hold(watch, this.#watches);
  }

  /** The same for logs that are followed, and for connections joined with a container's. */
  stream(stream: LongRunning): () => void {
    return this.#hold(stream, this.#streams);
  }

  #hold(request: LongRunning, open: Set<LongRunning>): () => void {
    open.add(request);
    if (this.#stopping) request.end();
    return () => open.delete(request);
  }

  /** Resolves when the last answer is sent and every connection closed. */
  async run(listener: Server, connections: ReadonlySet<Duplex>, clock: Clock): Promise<void> {
    this.#stopping = true;
    const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
    for (const request of [...this.#watches, ...this.#streams]) request.end();
    let cancelCheck = () => {};
    const checkIdle = () => {
      listener.closeIdleConnections();
      cancelCheck = clock.after(idleCheck, checkIdle);
    };
    checkIdle();
    const cancel = clock.after(patience, () => connections.forEach((connection) => connection.destroy()));
    await closed;
    cancel();
    cancelCheck();
  }
}

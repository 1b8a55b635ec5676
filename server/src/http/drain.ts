/** The orderly end: say so, take nothing new, let what is under way finish, and only then close. */
import type { Server } from 'node:https';
import type { Clock } from '@naru/api/clock';
import { StatusError } from '@naru/api/status';

/** What is still being answered then is cut off. */
const patience = 60_000;
const retryAfterSeconds = 5;

export class Drain {
  #stopping = false;

  get stopping(): boolean {
    return this.#stopping;
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

  /** Ends the watches, and resolves when the last answer is sent. */
  async run(listener: Server, openWatches: ReadonlySet<{ end(): void }>, clock: Clock): Promise<void> {
    this.#stopping = true;
    for (const watch of [...openWatches]) watch.end();
    const cancel = clock.after(patience, () => listener.closeAllConnections());
    await new Promise<void>((resolve) => {
      listener.close(() => resolve());
      listener.closeIdleConnections();
    });
    cancel();
  }
}

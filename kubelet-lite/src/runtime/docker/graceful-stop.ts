/** Ends containers: the stop signal first, KILL when their grace is over. A later call can only bring the KILL forward. */
import type { Clock } from '@naru/api/clock';
import { RuntimeError } from '../container-runtime.ts';
import type { Engine } from './engine.ts';
import { isConflict, isMissing } from './engine.ts';

/** How long a killed container may take to be gone. */
const killDeadline = 30_000;

interface Stop {
  killAt: number;
  cancelKill: () => void;
  ended: Promise<void>;
}

export class GracefulStop {
  readonly #engine: Engine;
  readonly #clock: Clock;
  readonly #stops = new Map<string, Stop>();

  constructor(engine: Engine, clock: Clock) {
    this.#engine = engine;
    this.#clock = clock;
  }

  /** Resolves when the container has ended. */
  stop(id: string, graceSeconds: number, stopSignal: string): Promise<void> {
    const killAt = this.#clock.now() + graceSeconds * 1000;
    const running = this.#stops.get(id);
    if (running) {
      if (killAt < running.killAt) this.#killLater(id, running, killAt);
      return running.ended;
    }
    const stop: Stop = { killAt, cancelKill: () => {}, ended: Promise.resolve() };
    this.#stops.set(id, stop);
    stop.ended = this.#run(id, stop, graceSeconds, stopSignal).finally(() => {
      stop.cancelKill();
      this.#stops.delete(id);
    });
    return stop.ended;
  }

  async #run(id: string, stop: Stop, graceSeconds: number, stopSignal: string): Promise<void> {
    if (graceSeconds > 0 && !(await this.#signal(id, stopSignal || 'SIGTERM'))) return;
    if (graceSeconds === 0 && !(await this.#signal(id, 'SIGKILL'))) return;
    if (graceSeconds > 0) this.#killLater(id, stop, stop.killAt);
    try {
      await this.#engine.call({
        what: `wait for container ${id}`,
        method: 'POST',
        path: `/containers/${id}/wait`,
        query: { condition: 'not-running' },
        deadline: graceSeconds * 1000 + killDeadline,
      });
    } catch (error) {
      if (!isMissing(error)) throw error;
    }
  }

  #killLater(id: string, stop: Stop, killAt: number): void {
    stop.cancelKill();
    stop.killAt = killAt;
    stop.cancelKill = this.#clock.after(Math.max(0, killAt - this.#clock.now()), () => {
      this.#signal(id, 'SIGKILL').catch(() => {}); // the wait's deadline tells
    });
  }

  /** False when there is nothing left to signal. */
  async #signal(id: string, signal: string): Promise<boolean> {
    try {
      const path = `/containers/${id}/kill`;
      await this.#engine.call({ what: `kill container ${id}`, method: 'POST', path, query: { signal } });
      return true;
    } catch (error) {
      if (isMissing(error) || isConflict(error)) return false;
      if (error instanceof RuntimeError && /is not running/.test(error.message)) return false;
      throw error;
    }
  }
}

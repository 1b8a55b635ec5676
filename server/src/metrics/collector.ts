/** Asks every node's kubelet for its figures, each quarter of a minute. */
import type { Clock } from '@naru/api/clock';
import { readLook, type NodeLook } from './look.ts';

export const collectEvery = 15_000;
/** A kubelet that takes longer is taken as not answering. */
const patience = 10_000;
const atOnce = 32;

export interface CollectorOptions {
  clock: Clock;
  /** Names of the nodes to ask; nodes that share a kubelet stand under one key. */
  nodes(): ReadonlyMap<string, string>;
  /** Body of GET /stats/summary. */
  ask(nodeName: string, signal: AbortSignal): Promise<string>;
  /** What was seen; `time` is the same for all nodes of one round. */
  onRound(looks: readonly NodeLook[], time: number): void;
  onError(nodeName: string, error: unknown): void;
}

export class Collector {
  readonly #options: CollectorOptions;
  /** Nodes whose last answer was none, so that an unreachable one is told of once. */
  readonly #silent = new Set<string>();
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(options: CollectorOptions) {
    this.#options = options;
  }

  /** Rounds begin at whole quarters of a minute, so that values of different days stand under each other. */
  start(): void {
    const { clock } = this.#options;
    const next = () => {
      if (this.#stopped) return;
      this.#cancel = clock.after(collectEvery - (clock.now() % collectEvery), () => void this.round().finally(next));
    };
    next();
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  async round(): Promise<void> {
    const { clock, nodes, onRound } = this.#options;
    const now = clock.now();
    const names = [...nodes().values()];
    const looks: NodeLook[] = [];
    const worker = async () => {
      for (let name = names.pop(); name !== undefined; name = names.pop()) {
        const look = await this.#look(name);
        if (look) looks.push(look);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, names.length) }, worker));
    if (!this.#stopped) onRound(looks, now - (now % collectEvery));
  }

  async #look(name: string): Promise<NodeLook | undefined> {
    const { clock, ask, onError } = this.#options;
    const ending = new AbortController();
    const cancel = clock.after(patience, () => ending.abort(new Error(`no answer in ${patience / 1000} s`)));
    try {
      const look = readLook(await ask(name, ending.signal), clock.now());
      this.#silent.delete(name);
      return look;
    } catch (error) {
      if (!this.#silent.has(name)) onError(name, error);
      this.#silent.add(name);
      return undefined;
    } finally {
      cancel();
    }
  }
}

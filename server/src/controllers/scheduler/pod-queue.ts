/** Pods that wait for a node: those to try now by priority, those to try later, and those that nothing has changed for. */
// Like scheduler/backend/queue.
import type { Clock } from '@naru/api/clock';

const firstPause = 1000;
const longestPause = 10_000;
/** A pod is tried again after this long even if nothing seems to have changed. */
const longestRest = 300_000;

export interface Waiting {
  key: string;
  priority: number;
  /** Since when, for pods of one priority. */
  since: number;
  attempts: number;
}

export interface PodQueueOptions {
  clock: Clock;
  /** There is something to try. */
  onReady(): void;
}

export class PodQueue {
  readonly #options: PodQueueOptions;
  /** A binary heap, the most urgent first. */
  readonly #heap: Waiting[] = [];
  readonly #active = new Map<string, Waiting>();
  readonly #pausing = new Map<string, { waiting: Waiting; cancel: () => void }>();
  readonly #resting = new Map<string, { waiting: Waiting; until: number; cancel: () => void }>();
  /** Attempts of pods that are being tried. */
  readonly #attempts = new Map<string, Waiting>();
  /** Counts what has changed, so that a pod tried meanwhile does not rest on old news. */
  #changes = 0;

  constructor(options: PodQueueOptions) {
    this.#options = options;
  }

  get changes(): number {
    return this.#changes;
  }

  /** A new pod, or one whose own fields have changed: try it now. */
  add(key: string, priority: number): void {
    const known = this.#take(key);
    const since = known?.since ?? this.#options.clock.now();
    this.#activate({ key, priority, since, attempts: known?.attempts ?? 0 });
  }

  remove(key: string): void {
    this.#take(key);
    this.#attempts.delete(key);
  }

  /** The most urgent pod; it is out of the queue until it fails or is added again. */
  next(): string | undefined {
    for (let waiting = this.#pop(); waiting; waiting = this.#pop()) {
      if (this.#active.get(waiting.key) !== waiting) continue;
      this.#active.delete(waiting.key);
      this.#attempts.set(waiting.key, { ...waiting, attempts: waiting.attempts + 1 });
      return waiting.key;
    }
    return undefined;
  }

  get isEmpty(): boolean {
    return this.#active.size === 0;
  }

  /** No node would do. `changes` as it was when the pod was looked at: with news since then it is tried again soon. */
  failed(key: string, changes: number): void {
    const waiting = this.#attempts.get(key);
    if (!waiting) return;
    this.#attempts.delete(key);
    if (changes !== this.#changes) return this.#pause(waiting, this.#pauseOf(waiting));
    const until = this.#options.clock.now() + this.#pauseOf(waiting);
    const cancel = this.#options.clock.after(longestRest, () => {
      this.#resting.delete(key);
      this.#activate(waiting);
    });
    this.#resting.set(key, { waiting, until, cancel });
  }

  /** Something went wrong that has nothing to do with nodes: again after a pause. */
  errored(key: string): void {
    const waiting = this.#attempts.get(key);
    if (!waiting) return;
    this.#attempts.delete(key);
    this.#pause(waiting, this.#pauseOf(waiting));
  }

  /** The cluster has changed in a way that may help: pods that rest are tried again, when their pause is over. */
  changed(): void {
    this.#changes++;
    const now = this.#options.clock.now();
    for (const [key, { waiting, until, cancel }] of this.#resting) {
      cancel();
      this.#resting.delete(key);
      if (until > now) this.#pause(waiting, until - now);
      else this.#activate(waiting);
    }
  }

  stop(): void {
    for (const { cancel } of [...this.#pausing.values(), ...this.#resting.values()]) cancel();
    this.#pausing.clear();
    this.#resting.clear();
  }

  #pauseOf({ attempts }: Waiting): number {
    return Math.min(firstPause * 2 ** Math.max(0, attempts - 1), longestPause);
  }

  #pause(waiting: Waiting, milliseconds: number): void {
    const cancel = this.#options.clock.after(milliseconds, () => {
      this.#pausing.delete(waiting.key);
      this.#activate(waiting);
    });
    this.#pausing.set(waiting.key, { waiting, cancel });
  }

  #take(key: string): Waiting | undefined {
    const waiting =
      this.#active.get(key) ??
      this.#pausing.get(key)?.waiting ??
      this.#resting.get(key)?.waiting ??
      this.#attempts.get(key);
    this.#active.delete(key);
    this.#pausing.get(key)?.cancel();
    this.#pausing.delete(key);
    this.#resting.get(key)?.cancel();
    this.#resting.delete(key);
    return waiting;
  }

  #activate(waiting: Waiting): void {
    this.#active.set(waiting.key, waiting);
    const heap = this.#heap;
    let index = heap.push(waiting) - 1;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!before(heap[index], heap[parent])) break;
      swap(heap, index, parent);
      index = parent;
    }
    this.#options.onReady();
  }

  #pop(): Waiting | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (!first || heap.length === 0 || !last) return first;
    heap[0] = last;
    for (let index = 0; ;) {
      const [left, right] = [2 * index + 1, 2 * index + 2];
      const child = before(heap[right], heap[left]) ? right : left;
      if (!before(heap[child], heap[index])) return first;
      swap(heap, index, child);
      index = child;
    }
  }
}

const before = (a: Waiting | undefined, b: Waiting | undefined): boolean =>
  a !== undefined && (b === undefined || a.priority > b.priority || (a.priority === b.priority && a.since < b.since));

function swap(heap: Waiting[], a: number, b: number): void {
  const [first, second] = [heap[a], heap[b]];
  if (first && second) [heap[a], heap[b]] = [second, first];
}

/** Repeats one probe of one running container and tells when its verdict changes. */
// Like pkg/kubelet/prober/worker.go.
import type { Clock } from '@naru/api/clock';
import type { Probe } from '../pods/container-definition.ts';
import type { ProbeResult } from './probe-result.ts';

export type ProbeKind = 'startup' | 'liveness' | 'readiness';

export interface ProbeWorkerOptions {
  clock: Clock;
  probe: Probe;
  /** Milliseconds since 1970. */
  containerStartedAt: number;
  /** Milliseconds to wait besides, so that the probes of an agent that starts anew do not come all at once. */
  spread: number;
  run(): Promise<ProbeResult>;
  /** Of every single probe. */
  onResult(result: ProbeResult): void;
  /** Enough in a row said the same. Answers whether to go on. */
  onVerdict(passed: boolean): 'continue' | 'stop';
}

/** A probe that cannot be carried out is tried again at once so often. */
const attempts = 3;

export class ProbeWorker {
  readonly #options: ProbeWorkerOptions;
  #cancel: () => void = () => {};
  #stopped = false;
  #last: boolean | undefined;
  #run = 0;

  constructor(options: ProbeWorkerOptions) {
    this.#options = options;
    const { clock, probe, containerStartedAt, spread } = options;
    const first = containerStartedAt + (probe.initialDelaySeconds ?? 0) * 1000 - clock.now();
    this.#after(Math.max(first, 0) + spread);
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #after(milliseconds: number): void {
    this.#cancel = this.#options.clock.after(milliseconds, () => void this.#probe());
  }

  async #probe(): Promise<void> {
    const { clock, probe, onResult } = this.#options;
    const begin = clock.now();
    const result = await this.#tryOften();
    if (this.#stopped) return;
    onResult(result);
    if (result.result !== 'unknown' && this.#count(result.result !== 'failure') === 'stop') return this.stop();
    if (this.#stopped) return;
    this.#after(Math.max(begin + (probe.periodSeconds ?? 10) * 1000 - clock.now(), 0));
  }

  async #tryOften(): Promise<ProbeResult> {
    let result: ProbeResult = { result: 'unknown', output: '' };
    for (let attempt = 0; attempt < attempts && result.result === 'unknown'; attempt++) {
      result = await this.#options
        .run()
        .catch((error: Error) => ({ result: 'unknown' as const, output: error.message }));
      if (this.#stopped) break;
    }
    return result;
  }

  #count(passed: boolean): 'continue' | 'stop' {
    const { failureThreshold = 3, successThreshold = 1 } = this.#options.probe;
    this.#run = this.#last === passed ? this.#run + 1 : 1;
    this.#last = passed;
    return this.#run < (passed ? successThreshold : failureThreshold) ? 'continue' : this.#options.onVerdict(passed);
  }
}

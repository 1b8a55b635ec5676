/** CPU and memory of an app while the tab is open; says so when nothing is measured. */
import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, input, signal } from '@angular/core';
import { ApiClient } from '../../cluster/api-client';
import { Discovery } from '../../cluster/discovery';
import { type Failure, asFailure } from '../../cluster/failure';
import { FailureNote } from '../../errors/failure-note';
import { Language } from '../../i18n/language';
import { formatBytes, formatCores, parseQuantity, sumQuantities } from '../../kinds/quantity';
import { EmptyState } from '../../ui/empty-state';
import { TimeChart } from '../../ui/time-chart';
import type { App } from '../app';

interface PodMetrics {
  readonly metadata: { readonly name: string };
  readonly timestamp?: string;
  readonly containers: readonly { readonly name: string; readonly usage: Readonly<Record<string, string>> }[];
}

interface Sample {
  /** Seconds since 1970. */
  readonly time: number;
  readonly cpu: number;
  readonly memory: number;
}

/** The server measures every fifteen seconds: asking more often brings nothing. */
const interval = 15_000;
const kept = 240;

@Component({
  selector: 'naru-app-stats',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EmptyState, FailureNote, TimeChart],
  template: `
    @if (!measured()) {
      <div class="card">
        <naru-empty-state
          icon="info"
          [title]="language.say('stats.none')"
          [text]="language.say('stats.noneWhy')"
          data-testid="no-measurements"
        />
      </div>
    } @else {
      @if (failure(); as failure) {
        <naru-failure-note [failure]="failure" />
      }
      <p class="muted small">{{ language.say('stats.since') }}</p>
      <div class="charts">
        <section class="card padded stack">
          <h2>
            {{ language.say('overview.cpu') }} <span class="muted number">{{ cpuText() }}</span>
          </h2>
          <naru-time-chart
            [times]="times()"
            [values]="cpu()"
            [limit]="cpuLimit()"
            [format]="formatCores"
            [label]="language.say('overview.cpu')"
          />
        </section>
        <section class="card padded stack">
          <h2>
            {{ language.say('overview.memory') }} <span class="muted number">{{ memoryText() }}</span>
          </h2>
          <naru-time-chart
            [times]="times()"
            [values]="memory()"
            [limit]="memoryLimit()"
            [format]="formatBytes"
            [label]="language.say('overview.memory')"
          />
        </section>
      </div>
    }
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      gap: 12px;
    }
    .charts {
      display: grid;
      grid-template-columns: repeat(auto-fit, minmax(min(420px, 100%), 1fr));
      gap: 16px;
    }
    section {
      grid-template-columns: minmax(0, 1fr);
    }
  `,
})
export class AppStats {
  readonly app = input.required<App>();

  readonly #api = inject(ApiClient);
  readonly #samples = signal<readonly Sample[]>([]);
  protected readonly language = inject(Language);
  readonly #discovery = inject(Discovery);
  protected readonly measured = computed(() => this.#discovery.has('metrics.k8s.io', 'pods'));
  protected readonly failure = signal<Failure | undefined>(undefined);
  protected readonly formatCores = formatCores;
  protected readonly formatBytes = formatBytes;
  protected readonly times = computed(() => this.#samples().map(({ time }) => time));
  protected readonly cpu = computed(() => this.#samples().map(({ cpu }) => cpu));
  protected readonly memory = computed(() => this.#samples().map(({ memory }) => memory));
  protected readonly cpuLimit = computed(() => this.#limit('cpu'));
  protected readonly memoryLimit = computed(() => this.#limit('memory'));
  protected readonly cpuText = computed(() => formatCores(this.cpu().at(-1) ?? NaN));
  protected readonly memoryText = computed(() => formatBytes(this.memory().at(-1) ?? NaN));

  constructor() {
    const timer = setInterval(() => void this.#measure(), interval);
    queueMicrotask(() => void this.#measure());
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  async #measure(): Promise<void> {
    if (!this.measured() || document.hidden) return;
    const { project, pods } = this.app();
    const names = new Set(pods.map(({ metadata }) => metadata.name));
    try {
      const list = await this.#api.get<{ items: readonly PodMetrics[] }>(
        `/apis/metrics.k8s.io/v1beta1/namespaces/${project}/pods`,
      );
      const usages = list.items
        .filter(({ metadata }) => names.has(metadata.name))
        .flatMap(({ containers }) => containers);
      const sum = (resource: string) => sumQuantities(usages.map(({ usage }) => usage[resource]));
      const sample = { time: Date.now() / 1000, cpu: sum('cpu'), memory: sum('memory') };
      this.#samples.update((samples) => [...samples, sample].slice(-kept));
      this.failure.set(undefined);
    } catch (error) {
      this.failure.set(asFailure(error));
    }
  }

  /** The limits of all instances together; undefined as soon as one container has none. */
  #limit(resource: 'cpu' | 'memory'): number | undefined {
    const { workload, pods } = this.app();
    const limits = workload.spec.template.spec.containers.map(({ resources }) =>
      parseQuantity(resources?.limits?.[resource]),
    );
    const sum = limits.reduce((total, limit) => total + limit, 0) * Math.max(pods.length, 1);
    return Number.isFinite(sum) && sum > 0 ? sum : undefined;
  }
}

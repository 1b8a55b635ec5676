/** What an app used, as the server remembers it: through updates, for all its instances together. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { FailureNote } from '../../errors/failure-note';
import { Language } from '../../i18n/language';
import type { MessageKey } from '../../i18n/message';
import { formatBytes, formatCores, parseQuantity } from '../../kinds/quantity';
import { polled } from '../../metrics/polled';
import { type UsageField, sumOf, timesOf } from '../../metrics/usage';
import { UsageHistory } from '../../metrics/usage-history';
import { EmptyState } from '../../ui/empty-state';
import { Skeleton } from '../../ui/skeleton';
import { type ChartLine, TimeChart } from '../../ui/time-chart';
import type { App } from '../app';

const windows: readonly { readonly minutes: number; readonly label: MessageKey }[] = [
  { minutes: 15, label: 'stats.quarter' },
  { minutes: 60, label: 'stats.hour' },
  { minutes: 120, label: 'stats.twoHours' },
  { minutes: 1440, label: 'stats.day' },
];
/** The server measures every fifteen seconds: asking more often brings nothing. */
const interval = 15_000;

/** An axis may part a hundredth of a core further. */
const fineCores = (cores: number): string => (cores < 0.1 ? String(Number(cores.toPrecision(2))) : formatCores(cores));

@Component({
  selector: 'naru-app-stats',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EmptyState, FailureNote, Skeleton, TimeChart],
  template: `
    @if (!history.kept()) {
      <div class="card">
        <naru-empty-state
          icon="info"
          [title]="language.say('stats.none')"
          [text]="language.say('stats.noneWhy')"
          data-testid="no-measurements"
        />
      </div>
    } @else {
      <div class="row wrap" role="group" [attr.aria-label]="language.say('stats.range')">
        @for (window of windows; track window.minutes) {
          <button
            class="button compact"
            type="button"
            [class.on]="minutes() === window.minutes"
            [attr.aria-pressed]="minutes() === window.minutes"
            [attr.data-testid]="'range-' + window.minutes"
            (click)="minutes.set(window.minutes)"
          >
            {{ language.say(window.label) }}
          </button>
        }
      </div>
      @if (usage.failure(); as failure) {
        <naru-failure-note [failure]="failure" />
      }
      @if (usage.value(); as items) {
        @if (items.length === 0) {
          <div class="card">
            <naru-empty-state
              icon="info"
              [title]="language.say('stats.empty')"
              [text]="language.say('stats.emptyWhy')"
            />
          </div>
        } @else {
          <div class="charts">
            @for (chart of charts(); track chart.title) {
              <section class="card padded stack">
                <h2>{{ language.say(chart.title) }}</h2>
                <naru-time-chart
                  [times]="times()"
                  [lines]="chart.lines"
                  [limit]="chart.limit"
                  [limitLabel]="language.say('stats.limit')"
                  [format]="chart.format"
                  [bytes]="chart.title !== 'overview.cpu'"
                />
              </section>
            }
          </div>
        }
      } @else if (!usage.failure()) {
        <div class="card"><naru-skeleton /></div>
      }
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
    .on {
      border-color: var(--accent);
      background: var(--accent-tint);
      color: var(--accent);
    }
  `,
})
export class AppStats {
  readonly app = input.required<App>();

  protected readonly history = inject(UsageHistory);
  protected readonly language = inject(Language);
  protected readonly windows = windows;
  protected readonly minutes = signal(60);
  /** What picks the instances out, as one text: an app that changes otherwise is no reason to ask again. */
  readonly #place = computed(() =>
    JSON.stringify([this.app().project, this.app().workload.spec.selector?.matchLabels ?? {}]),
  );
  protected readonly usage = polled(() => {
    const [project, labels] = JSON.parse(this.#place()) as [string, Record<string, string>];
    return this.history.kept() ? this.history.pods(project, labels, { minutes: this.minutes() }) : undefined;
  }, interval);
  protected readonly times = computed(() => timesOf(this.usage.value() ?? []));
  protected readonly charts = computed(() => {
    const rate = (bytes: number) => `${formatBytes(bytes)}/s`;
    return [
      {
        title: 'overview.cpu',
        lines: [this.#line('cpu', 'stats.used')],
        limit: this.#limit('cpu'),
        format: fineCores,
      },
      {
        title: 'overview.memory',
        lines: [this.#line('memory', 'stats.used')],
        limit: this.#limit('memory'),
        format: formatBytes,
      },
      {
        title: 'stats.network',
        lines: [this.#line('networkReceived', 'stats.received'), this.#line('networkSent', 'stats.sent')],
        limit: undefined,
        format: rate,
      },
      {
        title: 'stats.disk',
        lines: [this.#line('diskRead', 'stats.read'), this.#line('diskWritten', 'stats.written')],
        limit: undefined,
        format: rate,
      },
    ] as const;
  });

  #line(field: UsageField, label: MessageKey): ChartLine {
    return { label: this.language.say(label), values: sumOf(this.usage.value() ?? [], field) };
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

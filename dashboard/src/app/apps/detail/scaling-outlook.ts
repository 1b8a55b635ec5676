/** How load and instances went together, and what the limits would make of the same load. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Language } from '../../i18n/language';
import { sumQuantities } from '../../kinds/quantity';
import { polled } from '../../metrics/polled';
import { type Usage, countOf, forecastOf, sumOf, timesOf, utilizationOf } from '../../metrics/usage';
import { UsageHistory } from '../../metrics/usage-history';
import { TimeChart } from '../../ui/time-chart';
import type { App } from '../app';
import type { ScalingLimits } from './autoscaler-manifest';

const minutes = 60;

@Component({
  selector: 'naru-scaling-outlook',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [TimeChart],
  template: `
    @if (items().length) {
      <section class="card padded stack">
        <h2>{{ language.say('scaling.load') }}</h2>
        @if (requested() > 0) {
          <naru-time-chart
            [times]="times()"
            [lines]="load()"
            [limit]="limits()?.target"
            [limitLabel]="language.say('scaling.targetShort')"
            [format]="percent"
          />
        }
        <naru-time-chart [times]="times()" [lines]="instances()" [format]="whole" />
        @if (forecast(); as forecast) {
          <p data-testid="forecast">
            {{
              forecast.low === forecast.high
                ? language.say('scaling.forecastOne', { count: forecast.low })
                : language.say('scaling.forecast', { low: forecast.low, high: forecast.high })
            }}
          </p>
        }
      </section>
    }
  `,
  styles: `
    :host,
    section {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
    }
  `,
})
export class ScalingOutlook {
  readonly app = input.required<App>();
  /** The limits as they stand in the form; undefined while scaled by hand. */
  readonly limits = input<ScalingLimits>();

  readonly #history = inject(UsageHistory);
  protected readonly language = inject(Language);
  protected readonly percent = (value: number) => `${Math.round(value)} %`;
  protected readonly whole = (value: number) => String(Math.round(value * 10) / 10);
  readonly #place = computed(() =>
    JSON.stringify([this.app().project, this.app().workload.spec.selector?.matchLabels ?? {}]),
  );
  readonly #usage = polled<readonly Usage[]>(() => {
    const [project, labels] = JSON.parse(this.#place()) as [string, Record<string, string>];
    return this.#history.kept() ? this.#history.pods(project, labels, { minutes }) : undefined;
  }, 15_000);
  protected readonly items = computed(() => this.#usage.value() ?? []);
  protected readonly times = computed(() => timesOf(this.items()));
  readonly #resource = computed(() => this.limits()?.resource ?? 'cpu');
  readonly #used = computed(() => sumOf(this.items(), this.#resource()));
  readonly #counts = computed(() => countOf(this.items()));
  /** What one instance reserves. */
  protected readonly requested = computed(() =>
    sumQuantities(
      this.app().workload.spec.template.spec.containers.map(({ resources }) => resources?.requests?.[this.#resource()]),
    ),
  );
  protected readonly load = computed(() => [
    {
      label: this.language.say(this.#resource() === 'cpu' ? 'scaling.cpuLoad' : 'scaling.memoryLoad'),
      values: utilizationOf(this.#used(), this.#counts(), this.requested()),
    },
  ]);
  protected readonly instances = computed(() => [
    { label: this.language.say('apps.instances'), values: this.#counts(), stepped: true },
  ]);
  protected readonly forecast = computed(() => {
    const limits = this.limits();
    return limits && forecastOf(this.#used(), { ...limits, requestedEach: this.requested() });
  });
}

/** A line over time with its limit; drawn by uPlot, told in words for who cannot see it. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  viewChild,
} from '@angular/core';
import uPlot from 'uplot';
import { Language } from '../i18n/language';
import { Preferences } from '../shell/preferences';
import { resolvedColour } from './resolved-colour';

@Component({
  selector: 'naru-time-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<div #box role="img" [attr.aria-label]="summary()"></div>`,
  styles: `
    :host {
      display: block;
      min-height: 180px;
    }
  `,
})
export class TimeChart {
  /** Seconds since 1970, growing. */
  readonly times = input.required<readonly number[]>();
  readonly values = input.required<readonly (number | null)[]>();
  readonly limit = input<number>();
  readonly format = input.required<(value: number) => string>();
  readonly label = input.required<string>();

  readonly #language = inject(Language);
  readonly #preferences = inject(Preferences);
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  #plot: uPlot | undefined;

  protected readonly summary = computed(() => {
    const values = this.values().filter((value) => value !== null);
    if (values.length === 0) return this.#language.say('stats.waiting', { label: this.label() });
    const format = this.format();
    return this.#language.say('stats.summary', {
      label: this.label(),
      now: format(values.at(-1) ?? 0),
      low: format(Math.min(...values)),
      high: format(Math.max(...values)),
    });
  });

  constructor() {
    afterNextRender(() => this.#draw());
    effect(() => {
      this.#preferences.theme();
      this.limit();
      if (this.#plot) this.#draw();
    });
    effect(() => this.#plot?.setData(this.#data()));
    inject(DestroyRef).onDestroy(() => this.#plot?.destroy());
  }

  #data(): uPlot.AlignedData {
    const limit = this.limit();
    return [[...this.times()], [...this.values()], this.times().map(() => limit ?? null)];
  }

  #draw(): void {
    const element = this.box().nativeElement;
    this.#plot?.destroy();
    const colour = (name: string) => resolvedColour(element, name);
    const axis = {
      stroke: colour('--muted'),
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      font: '12px system-ui',
    };
    this.#plot = new uPlot(
      {
        width: element.clientWidth,
        height: 180,
        legend: { show: false },
        scales: { y: { range: (_plot, _low, high) => [0, (high || 1) * 1.1] } },
        axes: [
          { ...axis, values: '{HH}:{mm}:{ss}', space: 90 },
          { ...axis, size: 72, values: (_plot, splits) => splits.map((value) => this.format()(value)) },
        ],
        series: [
          {},
          {
            stroke: colour('--series-1'),
            width: 2,
            fill: colour('--accent-tint'),
            points: { show: this.times().length < 2 },
          },
          { stroke: colour('--bad'), width: 1, dash: [6, 4], points: { show: false } },
        ],
      },
      this.#data(),
      element,
    );
    new ResizeObserver(() => this.#plot?.setSize({ width: element.clientWidth, height: 180 })).observe(element);
  }
}

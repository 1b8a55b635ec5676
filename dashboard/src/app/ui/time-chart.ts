/** Lines over time with a limit; drawn by uPlot, told in words for who cannot see it. */
import {
  ChangeDetectionStrategy,
  Component,
  DestroyRef,
  type ElementRef,
  ViewEncapsulation,
  afterNextRender,
  computed,
  effect,
  inject,
  input,
  signal,
  viewChild,
} from '@angular/core';
import uPlot from 'uplot';
import { Language } from '../i18n/language';
import { Preferences } from '../shell/preferences';
import { clockTime } from './relative-time';
import { resolvedColour } from './resolved-colour';

export interface ChartLine {
  readonly label: string;
  readonly values: readonly (number | null)[];
  /** Drawn in steps: counts do not pass through what lies between. */
  readonly stepped?: boolean;
}

const height = 168;
const powersOfTwo = Array.from({ length: 50 }, (_, exponent) => 2 ** exponent);
const colours = ['--series-1', '--series-2'] as const;

@Component({
  selector: 'naru-time-chart',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <p class="legend small number" aria-hidden="true">
      @for (line of lines(); track line.label; let index = $index) {
        <span [class.second]="index === 1"
          ><i></i>{{ line.label }} <b>{{ valueText(index) }}</b></span
        >
      }
      @if (limit() !== undefined) {
        <span class="limit"
          ><i></i>{{ limitLabel() }} <b>{{ format()(limit()!) }}</b></span
        >
      }
      <span class="spread"></span><span class="muted">{{ pointedTime() }}</span>
    </p>
    <div #box role="img" [attr.aria-label]="summary()"></div>
  `,
  // The canvas and its axes are uPlot's own elements, which know nothing of the encapsulation of this component.
  encapsulation: ViewEncapsulation.None,
  host: { class: 'naru-time-chart' },
  styleUrls: ['../../../../node_modules/uplot/dist/uPlot.min.css', './time-chart.scss'],
})
export class TimeChart {
  /** Seconds since 1970, growing. */
  readonly times = input.required<readonly number[]>();
  /** One or two. */
  readonly lines = input.required<readonly ChartLine[]>();
  readonly limit = input<number>();
  readonly limitLabel = input('');
  /** Whether the values are bytes, whose round numbers are powers of two. */
  readonly bytes = input(false);
  readonly format = input.required<(value: number) => string>();

  readonly #language = inject(Language);
  readonly #preferences = inject(Preferences);
  private readonly box = viewChild.required<ElementRef<HTMLElement>>('box');
  /** Place of the pointer among the times. */
  readonly #pointed = signal<number | undefined>(undefined);
  #plot: uPlot | undefined;

  protected readonly pointedTime = computed(() => {
    const time = this.times()[this.#pointed() ?? -1];
    return time === undefined ? '' : clockTime(time * 1000, this.#language.current());
  });
  protected readonly summary = computed(() =>
    this.lines()
      .map(({ label, values }) => {
        const known = values.filter((value) => value !== null);
        if (known.length === 0) return this.#language.say('stats.waiting', { label });
        const format = this.format();
        const [now, low, high] = [known.at(-1) ?? 0, Math.min(...known), Math.max(...known)];
        return this.#language.say('stats.summary', { label, now: format(now), low: format(low), high: format(high) });
      })
      .join('. '),
  );

  constructor() {
    afterNextRender(() => {
      this.#draw();
      const element = this.box().nativeElement;
      const observer = new ResizeObserver(() => this.#plot?.setSize({ width: element.clientWidth, height }));
      observer.observe(element);
      destroyed.onDestroy(() => observer.disconnect());
    });
    effect(() => {
      this.#preferences.theme();
      this.limit();
      if (this.#plot) this.#draw();
    });
    effect(() => this.#plot?.setData(this.#data()));
    const destroyed = inject(DestroyRef);
    destroyed.onDestroy(() => this.#plot?.destroy());
  }

  /** Under the pointer; without one, the newest. */
  protected valueText(index: number): string {
    const values = this.lines()[index]?.values ?? [];
    const pointed = this.#pointed();
    const value = pointed === undefined ? values.findLast((one) => one !== null) : values[pointed];
    return typeof value === 'number' ? this.format()(value) : '–';
  }

  #data(): uPlot.AlignedData {
    const limit = this.limit();
    const lines = this.lines().map(({ values }) => [...values]);
    return [[...this.times()], ...lines, this.times().map(() => limit ?? null)] as uPlot.AlignedData;
  }

  /** What rounds to the same label is labelled once. */
  #labels(splits: readonly number[]): string[] {
    const texts = splits.map((value) => this.format()(value));
    return texts.map((text, index) => (text === texts[index - 1] ? '' : text));
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
    const series = this.lines().map(({ stepped }, index): uPlot.Series => {
      const stepPaths = stepped ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
      return {
        stroke: colour(colours[index] ?? '--series-2'),
        width: 2,
        ...(index === 0 && !stepped ? { fill: colour('--accent-tint') } : {}),
        ...(stepPaths ? { paths: stepPaths } : {}),
        points: { show: false },
      };
    });
    this.#plot = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { sync: { key: 'naru' }, points: { size: 7 }, drag: { x: false, y: false } },
        hooks: { setCursor: [({ cursor }) => this.#pointed.set(cursor.idx ?? undefined)] },
        scales: { y: { range: (_plot, _low, high) => [0, (high || 1) * 1.1] } },
        axes: [
          { ...axis, values: '{HH}:{mm}', space: 70, size: 28 },
          {
            ...axis,
            size: 72,
            ...(this.bytes() ? { incrs: powersOfTwo } : {}),
            values: (_plot, splits) => this.#labels(splits),
          },
        ],
        series: [{}, ...series, { stroke: colour('--bad'), width: 1, dash: [6, 4], points: { show: false } }],
      },
      this.#data(),
      element,
    );
  }
}

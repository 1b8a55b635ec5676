/** A small line without axes: the way a figure went. Said in words beside it, so hidden from screen readers. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

const width = 64;
const height = 18;

@Component({
  selector: 'naru-sparkline',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { 'aria-hidden': 'true' },
  template: `<svg [attr.width]="width" [attr.height]="height" [attr.viewBox]="'0 0 ' + width + ' ' + height">
    @for (path of paths(); track $index) {
      <path [attr.d]="path" fill="none" stroke="currentColor" stroke-width="1.5" stroke-linejoin="round" />
    }
  </svg>`,
  styles: `
    :host {
      display: inline-block;
      color: var(--series-1);
      line-height: 0;
    }
  `,
})
export class Sparkline {
  readonly values = input.required<readonly (number | null)[]>();
  /** The value at the upper edge; by default the largest. */
  readonly top = input<number>();
  protected readonly width = width;
  protected readonly height = height;
  protected readonly paths = computed(() => sparkPaths(this.values(), this.top()));
}

/** One path for each run of values; a gap is drawn as a gap. */
export function sparkPaths(values: readonly (number | null)[], top?: number): string[] {
  const known = values.filter((value) => value !== null);
  const high = Math.max(top ?? 0, ...known) || 1;
  const step = values.length > 1 ? width / (values.length - 1) : 0;
  const paths: string[] = [];
  let run: string[] = [];
  for (const [index, value] of [...values, null].entries()) {
    if (value === null) {
      if (run.length > 1) paths.push(`M${run.join('L')}`);
      run = [];
    } else run.push(`${(index * step).toFixed(1)} ${(height - 1 - (value / high) * (height - 2)).toFixed(1)}`);
  }
  return paths;
}

/** A labelled bar from empty to full. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';
import { Sparkline } from './sparkline';

@Component({
  selector: 'naru-meter',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Sparkline],
  template: `
    <span class="label">{{ label() }}</span>
    <div
      class="bar"
      role="meter"
      aria-valuemin="0"
      aria-valuemax="100"
      [attr.aria-label]="label()"
      [attr.aria-valuenow]="percent()"
      [attr.aria-valuetext]="text()"
    >
      @if (reserved() !== undefined) {
        <i class="reserved" [style.width.%]="reservedPercent()"></i>
      }
      <i [style.width.%]="percent()" [class.high]="percent() >= 75" [class.full]="percent() >= 90"></i>
    </div>
    @if (past().length > 1) {
      <naru-sparkline [values]="past()" [top]="top()" />
    }
    <span class="text number">{{ text() }}</span>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 72px minmax(60px, 1fr) auto minmax(150px, auto);
      align-items: center;
      gap: 10px;
      font-size: 12.5px;
    }
    .label,
    .text {
      color: var(--muted);
    }
    .text {
      grid-column: -2;
      text-align: right;
    }
    @media (max-width: 599px) {
      :host {
        grid-template-columns: 72px minmax(60px, 1fr) auto;
      }
      .text {
        grid-column: 1 / -1;
        text-align: left;
      }
    }
    .bar {
      position: relative;
      height: 6px;
      overflow: hidden;
      border-radius: 3px;
      background: var(--idle-tint);
    }
    i {
      position: absolute;
      inset: 0 auto 0 0;
      display: block;
      height: 100%;
      border-radius: 3px;
      background: var(--accent);
    }
    .reserved {
      background: color-mix(in srgb, var(--accent) 30%, transparent);
    }
    .high {
      background: var(--warn);
    }
    .full {
      background: var(--bad);
    }
  `,
})
export class Meter {
  readonly label = input.required<string>();
  /** 0 to 1; what is no number shows as empty. */
  readonly share = input.required<number>();
  readonly text = input.required<string>();
  /** A second, paler bar behind the first; undefined for none. */
  readonly reserved = input<number>();
  /** How it went, up to `top`; empty for no line. */
  readonly past = input<readonly (number | null)[]>([]);
  readonly top = input<number>();
  protected readonly percent = computed(() => percentOf(this.share()));
  protected readonly reservedPercent = computed(() => percentOf(this.reserved()));
}

function percentOf(share: number | undefined): number {
  return Math.round(Math.min(Math.max(share || 0, 0), 1) * 100);
}

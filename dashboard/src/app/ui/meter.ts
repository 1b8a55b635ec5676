/** A labelled bar from empty to full. */
import { ChangeDetectionStrategy, Component, computed, input } from '@angular/core';

@Component({
  selector: 'naru-meter',
  changeDetection: ChangeDetectionStrategy.OnPush,
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
      <i [style.width.%]="percent()" [class.high]="percent() >= 75" [class.full]="percent() >= 90"></i>
    </div>
    <span class="text number">{{ text() }}</span>
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: 72px minmax(60px, 1fr) minmax(150px, auto);
      align-items: center;
      gap: 10px;
      font-size: 12.5px;
    }
    .label,
    .text {
      color: var(--muted);
    }
    .text {
      text-align: right;
    }
    .bar {
      height: 6px;
      overflow: hidden;
      border-radius: 3px;
      background: var(--idle-tint);
    }
    i {
      display: block;
      height: 100%;
      border-radius: 3px;
      background: var(--accent);
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
  protected readonly percent = computed(() => Math.round(Math.min(Math.max(this.share() || 0, 0), 1) * 100));
}

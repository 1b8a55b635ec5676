/** A state as icon, word and colour together. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from './icon-paths';

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'idle';

@Component({
  selector: 'naru-status-mark',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `<naru-icon [name]="icon()" [size]="16" [class.turning]="icon() === 'progress'" /><span>{{
      word()
    }}</span>`,
  host: { '[class]': 'tone()' },
  styles: `
    :host {
      display: inline-flex;
      align-items: center;
      gap: 6px;
      font-weight: 550;
      font-size: 13px;
      vertical-align: middle;
      white-space: nowrap;
    }
    :host(.ok) {
      color: var(--ok);
    }
    :host(.warn) {
      color: var(--warn);
    }
    :host(.bad) {
      color: var(--bad);
    }
    :host(.info) {
      color: var(--info);
    }
    :host(.idle) {
      color: var(--idle);
    }
    .turning {
      animation: turn 1.2s linear infinite;
    }
    @keyframes turn {
      to {
        transform: rotate(1turn);
      }
    }
  `,
})
export class StatusMark {
  readonly tone = input.required<Tone>();
  readonly icon = input.required<IconName>();
  readonly word = input.required<string>();
}

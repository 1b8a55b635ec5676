/** What a page says when there is nothing to show, and what to do about it. */
import { ChangeDetectionStrategy, Component, input } from '@angular/core';
import { Icon } from './icon';
import type { IconName } from './icon-paths';

@Component({
  selector: 'naru-empty-state',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <naru-icon [name]="icon()" [size]="28" />
    <p class="title">{{ title() }}</p>
    @if (text()) {
      <p class="muted">{{ text() }}</p>
    }
    <div class="row wrap"><ng-content /></div>
  `,
  styles: `
    :host {
      display: grid;
      justify-items: center;
      gap: 8px;
      padding: 48px 20px;
      text-align: center;
    }
    naru-icon {
      padding: 12px;
      border-radius: 50%;
      background: var(--inset);
      color: var(--muted);
    }
    .title {
      font-size: 15px;
      font-weight: 600;
    }
    .muted {
      max-width: 56ch;
    }
    .row {
      margin-top: 6px;
      justify-content: center;
    }
  `,
})
export class EmptyState {
  readonly icon = input.required<IconName>();
  readonly title = input.required<string>();
  readonly text = input('');
}

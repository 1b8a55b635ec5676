/** The line above a table: filter, changes that wait, and pages. */
import { ChangeDetectionStrategy, Component, inject, input } from '@angular/core';
import { Language } from '../i18n/language';
import { Icon } from './icon';
import type { LiveTable } from './live-table';

@Component({
  selector: 'naru-table-tools',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  template: `
    <div class="search-box">
      <naru-icon name="search" [size]="16" />
      <input
        class="input search"
        type="search"
        data-filter
        data-testid="filter"
        [placeholder]="language.say('ui.filter')"
        [attr.aria-label]="language.say('ui.filter')"
        [value]="table().filter()"
        (input)="table().setFilter($any($event.target).value)"
        (keydown.escape)="table().setFilter(''); $any($event.target).blur()"
      />
    </div>
    <ng-content />
    <span class="spread"></span>
    @if (table().pending(); as pending) {
      <button class="button compact pending" type="button" data-testid="pending" (click)="table().apply()">
        {{ language.sayCount('ui.changes', pending) }}
      </button>
    }
    @if (table().lastPage() > 1) {
      <span class="small muted number">{{
        language.say('ui.page', {
          from: table().from() + 1,
          to: table().from() + table().rows().length,
          total: table().total(),
        })
      }}</span>
      <button
        class="icon-button"
        type="button"
        [attr.aria-label]="language.say('ui.previousPage')"
        [disabled]="table().from() === 0"
        (click)="table().setPage(table().page() - 1)"
      >
        <naru-icon name="chevronLeft" />
      </button>
      <button
        class="icon-button"
        type="button"
        [attr.aria-label]="language.say('ui.nextPage')"
        [disabled]="table().page() >= table().lastPage()"
        (click)="table().setPage(table().page() + 1)"
      >
        <naru-icon name="chevronRight" />
      </button>
    }
  `,
  styles: `
    :host {
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 8px;
      min-height: 36px;
    }
    .pending {
      border-color: var(--accent);
      color: var(--accent);
      background: var(--accent-tint);
    }
    @media (max-width: 599px) {
      .spread {
        display: none;
      }
    }
  `,
})
export class TableTools {
  readonly table = input.required<
    Pick<
      LiveTable<never>,
      'filter' | 'setFilter' | 'pending' | 'apply' | 'lastPage' | 'from' | 'total' | 'page' | 'setPage'
    > & { rows: () => readonly unknown[] }
  >();
  protected readonly language = inject(Language);
}

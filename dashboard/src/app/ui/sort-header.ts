/** The head of a column that sorts. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Language } from '../i18n/language';
import { Icon } from './icon';
import type { LiveTable } from './live-table';

@Component({
  selector: 'th[naruSort]',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Icon],
  host: { scope: 'col', '[attr.aria-sort]': 'direction()' },
  template: `<button
    type="button"
    [attr.title]="language.say('ui.sortBy', { column: label() })"
    (click)="table().toggleSort(column())"
  >
    {{ label() }}
    @if (direction() !== null) {
      <naru-icon [name]="direction() === 'descending' ? 'arrowDown' : 'arrowUp'" [size]="12" />
    }
  </button>`,
})
export class SortHeader {
  readonly column = input.required<string>({ alias: 'naruSort' });
  readonly label = input.required<string>();
  readonly table = input.required<Pick<LiveTable<never>, 'sort' | 'toggleSort'>>();
  protected readonly language = inject(Language);
  protected readonly direction = computed(() => {
    if (this.table().sort() === this.column()) return 'ascending';
    return this.table().sort() === `-${this.column()}` ? 'descending' : null;
  });
}

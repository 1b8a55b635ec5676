/** How long ago something was, in the language shown, kept fresh. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { TickingClock } from '../cluster/ticking-clock';
import { Language } from '../i18n/language';
import { relativeTime } from './relative-time';

@Component({
  selector: 'naru-age',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `<time [attr.datetime]="time()" [attr.title]="full()" class="number">{{ text() }}</time>`,
  styles: `
    time {
      white-space: nowrap;
    }
  `,
})
export class Age {
  readonly time = input.required<string>();
  readonly #clock = inject(TickingClock);
  readonly #language = inject(Language);
  protected readonly text = computed(() =>
    relativeTime(Date.parse(this.time()), this.#clock.now(), this.#language.current()),
  );
  protected readonly full = computed(() => {
    const time = Date.parse(this.time());
    return Number.isNaN(time)
      ? ''
      : new Intl.DateTimeFormat(this.#language.current(), { dateStyle: 'medium', timeStyle: 'medium' }).format(time);
  });
}

/** Grey lines where rows will be, after a moment's wait. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Language } from '../i18n/language';

@Component({
  selector: 'naru-skeleton',
  changeDetection: ChangeDetectionStrategy.OnPush,
  host: { role: 'status' },
  template: `<span class="visually-hidden">{{ say('ui.loading') }}</span
    ><i></i><i></i><i></i><i></i>`,
  styles: `
    :host {
      display: grid;
      gap: 14px;
      padding: 18px 16px;
      opacity: 0;
      animation: appear 0.2s 0.2s forwards;
    }
    i {
      height: 14px;
      border-radius: 4px;
      background: var(--inset);
    }
    i:nth-of-type(2n) {
      width: 72%;
    }
    @keyframes appear {
      to {
        opacity: 1;
      }
    }
  `,
})
export class Skeleton {
  protected readonly say = inject(Language).say;
}

/** Draws the notices; read out politely by screen readers. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import { Icon } from './icon';
import { type Notice, Notices } from './notices';

@Component({
  selector: 'naru-notice-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FailureNote, Icon],
  host: { role: 'status', 'aria-live': 'polite' },
  template: `
    @for (notice of notices.all(); track notice.id) {
      <div class="notice" data-testid="notice">
        <div class="row">
          <span class="spread">{{ language.sayMessage(notice.message) }}</span>
          @if (notice.action; as action) {
            <button class="button compact" type="button" data-testid="notice-action" (click)="run(notice)">
              {{ language.sayMessage(action.label) }}
            </button>
          }
          <button
            class="icon-button small"
            type="button"
            [attr.aria-label]="language.say('action.dismiss')"
            (click)="notices.dismiss(notice.id)"
          >
            <naru-icon name="close" [size]="16" />
          </button>
        </div>
        @if (notice.failure; as failure) {
          <naru-failure-note [failure]="failure" />
        }
      </div>
    }
  `,
  styles: `
    :host {
      position: fixed;
      right: 16px;
      bottom: 16px;
      z-index: 1100;
      display: grid;
      gap: 8px;
      width: min(420px, calc(100vw - 32px));
    }
    .notice {
      display: grid;
      gap: 8px;
      padding: 10px 10px 10px 14px;
      border: 1px solid var(--line);
      border-radius: var(--radius);
      background: var(--raised);
      box-shadow: var(--shadow);
    }
  `,
})
export class NoticeList {
  protected readonly notices = inject(Notices);
  protected readonly language = inject(Language);

  protected run(notice: Notice): void {
    notice.action?.run();
    this.notices.dismiss(notice.id);
  }
}

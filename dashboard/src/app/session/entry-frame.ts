/** The frame around sign-in and first run: the name, a card, and the language. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Language, languageCodes } from '../i18n/language';

@Component({
  selector: 'naru-entry-frame',
  changeDetection: ChangeDetectionStrategy.OnPush,
  template: `
    <main>
      <div class="brand"><img src="favicon.svg" alt="" width="36" height="36" /><span>Naru</span></div>
      <div class="card"><ng-content /></div>
      <div class="languages" role="group" [attr.aria-label]="language.say('shell.language')">
        @for (code of languageCodes; track code) {
          <button
            type="button"
            class="button quiet compact"
            [attr.lang]="code"
            [attr.aria-pressed]="language.current() === code"
            [attr.data-testid]="'language-' + code"
            (click)="language.use(code)"
          >
            {{ code === 'ko' ? '한국어' : 'English' }}
          </button>
        }
      </div>
    </main>
  `,
  styles: `
    main {
      display: grid;
      gap: 20px;
      align-content: center;
      justify-content: center;
      grid-template-columns: minmax(0, 380px);
      min-height: 100vh;
      padding: 24px 16px;
    }
    .brand {
      display: flex;
      align-items: center;
      justify-content: center;
      gap: 10px;
      font-size: 22px;
      font-weight: 700;
      letter-spacing: -0.02em;
    }
    .card {
      padding: 28px;
      border-radius: 12px;
      box-shadow: var(--shadow);
    }
    .languages {
      display: flex;
      justify-content: center;
      gap: 4px;
    }
    [aria-pressed='true'] {
      color: var(--accent);
    }
  `,
})
export class EntryFrame {
  protected readonly language = inject(Language);
  protected readonly languageCodes = languageCodes;
}

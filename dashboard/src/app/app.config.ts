/** What the page is made of. */
import { type ApplicationConfig, inject, provideAppInitializer, provideZonelessChangeDetection } from '@angular/core';
import { provideRouter, withComponentInputBinding, withInMemoryScrolling } from '@angular/router';
import { provideTransloco } from '@jsverse/transloco';
import { Language } from './i18n/language';
import { WordLoader } from './i18n/word-loader';
import { routes } from './app.routes';
import { Session } from './session/session';

export const appConfig: ApplicationConfig = {
  providers: [
    provideZonelessChangeDetection(),
    provideRouter(routes, withComponentInputBinding(), withInMemoryScrolling({ scrollPositionRestoration: 'enabled' })),
    provideTransloco({
      config: { availableLangs: ['en', 'ko'], defaultLang: 'en', reRenderOnLangChange: false, prodMode: true },
      loader: WordLoader,
    }),
    provideAppInitializer(() => {
      const language = inject(Language);
      const session = inject(Session);
      return Promise.all([language.start(), session.restore()]);
    }),
  ],
};

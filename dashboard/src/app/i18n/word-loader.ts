/** Loads the words of one language as a file of their own. */
import { Injectable } from '@angular/core';
import type { Translation, TranslocoLoader } from '@jsverse/transloco';

@Injectable({ providedIn: 'root' })
export class WordLoader implements TranslocoLoader {
  async getTranslation(language: string): Promise<Translation> {
    const file = language === 'ko' ? await import('./ko.json') : await import('./en.json');
    return file.default;
  }
}

/** Which language is shown; changes it without a reload, and turns messages into words. */
import { Injectable, computed, inject, signal } from '@angular/core';
import { TranslocoService } from '@jsverse/transloco';
import { firstValueFrom } from 'rxjs';
import type { Message, MessageKey, MessageParams } from './message';

export type LanguageCode = 'en' | 'ko';
export const languageCodes: readonly LanguageCode[] = ['ko', 'en'];
const storageKey = 'naru.language';

@Injectable({ providedIn: 'root' })
export class Language {
  readonly #transloco = inject(TranslocoService);
  readonly #current = signal<LanguageCode>('en');

  readonly current = this.#current.asReadonly();
  readonly #plurals = computed(() => new Intl.PluralRules(this.#current()));

  /** Resolves when the words of the first language are there. */
  start(): Promise<void> {
    return this.use(firstLanguage(localStorage.getItem(storageKey), navigator.languages), false);
  }

  async use(language: LanguageCode, remember = true): Promise<void> {
    await firstValueFrom(this.#transloco.load(language));
    loadLetters();
    this.#transloco.setActiveLang(language);
    this.#current.set(language);
    document.documentElement.lang = language;
    if (remember) localStorage.setItem(storageKey, language);
  }

  /** The sentence of a key in the language shown. Reads a signal: templates follow a change by themselves. */
  readonly say = (key: MessageKey, params: MessageParams = {}): string =>
    this.#transloco.translate(key, params, this.#current());

  readonly sayMessage = (message: Message): string => this.say(message.key, message.params ?? {});

  /** As `say`, choosing between `<key>.one` and `<key>.other` by `count`, which also fills `{{count}}`. */
  readonly sayCount = (key: CountedKey, count: number, params: MessageParams = {}): string => {
    const form = this.#plurals().select(count) === 'one' ? 'one' : 'other';
    return this.say(`${key}.${form}` as MessageKey, { count, ...params });
  };

  /** Whether the files have this key: for keys made of a name that may be unknown, such as an alert's rule. */
  has(key: string): key is MessageKey {
    return Object.hasOwn(this.#transloco.getTranslation(this.#current()), key);
  }
}

/**
 * Our own letters: a machine may have no Korean ones, and names and logs may be Korean in any language. Only those that
 * a page shows are fetched, and no paint waits for them; at once, so that what is read does not change its look later.
 */
function loadLetters(): void {
  const id = 'korean-letters';
  if (document.getElementById(id)) return;
  const link = document.createElement('link');
  Object.assign(link, { id, rel: 'stylesheet', href: 'korean.css' });
  document.head.append(link);
}

/** Keys that have both forms of number. */
export type CountedKey = MessageKey extends infer Key ? (Key extends `${infer Base}.other` ? Base : never) : never;

/** What was chosen before, else the first of the browser's languages that exists here, else English. */
export function firstLanguage(remembered: string | null, preferred: readonly string[]): LanguageCode {
  if (remembered === 'en' || remembered === 'ko') return remembered;
  for (const tag of preferred) {
    const [code] = tag.toLowerCase().split('-');
    if (code === 'en' || code === 'ko') return code;
  }
  return 'en';
}

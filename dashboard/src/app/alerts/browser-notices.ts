/** Tells new alerts through the browser, for who asked for it; and aloud to screen readers when critical. */
import { Injectable, effect, inject, signal } from '@angular/core';
import { LiveAnnouncer } from '@angular/cdk/a11y';
import { Language } from '../i18n/language';
import { Preferences } from '../shell/preferences';
import { AlertStore } from './alert-store';
import { alertText, alertWhy } from './alert-text';

@Injectable({ providedIn: 'root' })
export class BrowserNotices {
  readonly #preferences = inject(Preferences);
  readonly #alerts = inject(AlertStore);
  readonly #language = inject(Language);
  readonly #announcer = inject(LiveAnnouncer);
  readonly supported = 'Notification' in window;
  readonly on = this.#preferences.notifications.asReadonly();
  /** Whether the browser said no when asked. */
  readonly refused = signal(false);
  #told: Set<string> | undefined;

  /** From now on; what fires already when the page opens is on the page, not news. */
  listen(): void {
    effect(() => {
      if (!this.#alerts.loaded()) return;
      const firing = this.#alerts.unacknowledged();
      const told = this.#told;
      this.#told = new Set(firing.map(({ metadata }) => metadata.uid));
      if (!told) return;
      for (const alert of firing) {
        if (told.has(alert.metadata.uid)) continue;
        const text = [alertText(alert, this.#language), alertWhy(alert, this.#language)].filter(Boolean).join('. ');
        if (alert.spec.severity === 'critical') void this.#announcer.announce(text, 'assertive');
        if (alert.spec.severity !== 'info') this.#notify(alert.metadata.uid, text);
      }
    });
  }

  async turn(on: boolean): Promise<void> {
    const allowed = on && (await Notification.requestPermission()) === 'granted';
    this.refused.set(on && !allowed);
    this.#preferences.notifications.set(allowed);
  }

  #notify(tag: string, text: string): void {
    if (!this.supported || !this.on() || Notification.permission !== 'granted' || !document.hidden) return;
    new Notification('Naru', { body: text, tag, icon: '/favicon.svg' });
  }
}

/** The time as a signal, for ages and for causes that come with waiting. */
import { Injectable, signal } from '@angular/core';

const tick = 5000;

@Injectable({ providedIn: 'root' })
export class TickingClock {
  readonly #now = signal(Date.now());
  /** Milliseconds since 1970, moved on every five seconds while the page is seen. */
  readonly now = this.#now.asReadonly();

  constructor() {
    setInterval(() => {
      if (!document.hidden) this.#now.set(Date.now());
    }, tick);
    document.addEventListener('visibilitychange', () => this.#now.set(Date.now()));
  }
}

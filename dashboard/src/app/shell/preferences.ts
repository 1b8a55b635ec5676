/** What a person chose about the page itself, kept in this browser. */
import { Injectable, effect, signal } from '@angular/core';

export type Theme = 'system' | 'light' | 'dark';

const storageKey = 'naru.preferences';

interface Stored {
  readonly theme?: Theme;
  readonly project?: string;
  readonly kubernetesNames?: boolean;
  readonly singleKeys?: boolean;
  readonly narrowNavigation?: boolean;
  readonly notifications?: boolean;
}

@Injectable({ providedIn: 'root' })
export class Preferences {
  readonly #stored = readStored();

  readonly theme = signal<Theme>(this.#stored.theme ?? 'system');
  /** The project shown; empty for all. */
  readonly project = signal(this.#stored.project ?? '');
  /** Whether Kubernetes' own names stand beside the plain words. */
  readonly kubernetesNames = signal(this.#stored.kubernetesNames ?? false);
  readonly singleKeys = signal(this.#stored.singleKeys ?? true);
  readonly narrowNavigation = signal(this.#stored.narrowNavigation ?? false);
  /** Whether new alerts are also told by the browser. */
  readonly notifications = signal(this.#stored.notifications ?? false);

  constructor() {
    effect(() => {
      document.documentElement.style.colorScheme = this.theme() === 'system' ? 'light dark' : this.theme();
    });
    effect(() => {
      const stored: Stored = {
        theme: this.theme(),
        project: this.project(),
        kubernetesNames: this.kubernetesNames(),
        singleKeys: this.singleKeys(),
        narrowNavigation: this.narrowNavigation(),
        notifications: this.notifications(),
      };
      localStorage.setItem(storageKey, JSON.stringify(stored));
    });
  }
}

function readStored(): Stored {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Stored;
  } catch {
    // Written by another version or by hand: start afresh.
    return {};
  }
}

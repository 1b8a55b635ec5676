/** The tabs of the dock: logs and shells that stay open while pages change, and after a reload. */
import { Injectable, computed, effect, signal } from '@angular/core';

/** What a log or a shell looks at: one container of a pod, or all pods of an app. */
export interface LogTarget {
  readonly project: string;
  readonly app?: string;
  readonly pod?: string;
  readonly container?: string;
  readonly previous?: boolean;
}

export interface DockTab {
  readonly id: string;
  readonly kind: 'logs' | 'shell';
  readonly title: string;
  readonly target: LogTarget;
}

interface Kept {
  readonly tabs: readonly DockTab[];
  readonly active?: string | undefined;
  readonly unfolded: boolean;
  readonly height: number;
}

const storageKey = 'naru.dock';

@Injectable({ providedIn: 'root' })
export class DockTabs {
  readonly #kept = readKept();
  readonly #tabs = signal(this.#kept.tabs);
  readonly #active = signal<string | undefined>(this.#kept.active ?? this.#tabs()[0]?.id);

  readonly tabs = this.#tabs.asReadonly();
  readonly active = computed(() => this.#tabs().find(({ id }) => id === this.#active()));
  /** Whether the dock is unfolded. */
  readonly unfolded = signal(this.#kept.unfolded);
  /** Height of the unfolded dock in pixels. */
  readonly height = signal(this.#kept.height);

  constructor() {
    effect(() => {
      const kept: Kept = {
        tabs: this.#tabs(),
        active: this.#active(),
        unfolded: this.unfolded(),
        height: this.height(),
      };
      sessionStorage.setItem(storageKey, JSON.stringify(kept));
    });
  }

  /** Opens a tab, or shows the one that looks at the same already. */
  open(kind: DockTab['kind'], title: string, target: LogTarget): void {
    const id = `${kind}:${JSON.stringify(target)}`;
    if (!this.#tabs().some((tab) => tab.id === id)) this.#tabs.update((tabs) => [...tabs, { id, kind, title, target }]);
    this.show(id);
  }

  show(id: string): void {
    this.#active.set(id);
    this.unfolded.set(true);
  }

  close(id: string): void {
    const index = this.#tabs().findIndex((tab) => tab.id === id);
    this.#tabs.update((tabs) => tabs.filter((tab) => tab.id !== id));
    if (this.#active() === id) this.#active.set(this.#tabs()[Math.max(0, index - 1)]?.id);
    if (this.#tabs().length === 0) this.unfolded.set(false);
  }
}

function readKept(): Kept {
  const nothing: Kept = { tabs: [], unfolded: false, height: 320 };
  try {
    const kept = JSON.parse(sessionStorage.getItem(storageKey) ?? 'null') as Partial<Kept> | null;
    return Array.isArray(kept?.tabs) ? { ...nothing, ...kept } : nothing;
  } catch {
    // Written by another version: start without tabs.
    return nothing;
  }
}

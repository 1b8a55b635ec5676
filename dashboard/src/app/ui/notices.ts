/** Short notices at the foot of the page, some with one thing to do. */
import { Injectable, signal } from '@angular/core';
import type { Failure } from '../cluster/failure';
import type { Message } from '../i18n/message';

export interface Notice {
  readonly id: number;
  readonly message: Message;
  readonly failure?: Failure;
  readonly action?: { readonly label: Message; readonly run: () => void };
}

@Injectable({ providedIn: 'root' })
export class Notices {
  readonly #notices = signal<readonly Notice[]>([]);
  readonly all = this.#notices.asReadonly();
  #nextId = 1;

  /** Shows a notice for `duration` milliseconds; failures stay until dismissed. */
  show(notice: Omit<Notice, 'id'>, duration = 6000): number {
    const id = this.#nextId++;
    this.#notices.update((notices) => [...notices, { ...notice, id }].slice(-4));
    if (!notice.failure) setTimeout(() => this.dismiss(id), duration);
    return id;
  }

  dismiss(id: number): void {
    this.#notices.update((notices) => notices.filter((notice) => notice.id !== id));
  }
}

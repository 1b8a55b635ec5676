/** Keys that work on every page, matched by place on the keyboard so that the input language does not matter. */
import { Injectable, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { Router } from '@angular/router';
import { DockTabs } from '../dock/dock-tabs';
import { CommandBoxOpener } from './command-box-opener';
import { Preferences } from './preferences';
import { sections } from './sections';

/** After `g`, the second key counts for this long, in milliseconds. */
const chordTime = 1500;

export type PageKeys = (code: string, event: KeyboardEvent) => boolean;

@Injectable({ providedIn: 'root' })
export class Shortcuts {
  readonly #router = inject(Router);
  readonly #dialog = inject(MatDialog);
  readonly #commandBox = inject(CommandBoxOpener);
  readonly #dock = inject(DockTabs);
  readonly #preferences = inject(Preferences);
  readonly #goPressed = signal(0);
  #page: PageKeys | undefined;

  listen(): void {
    document.addEventListener('keydown', (event) => this.#press(event));
  }

  /** The keys of the page shown; returns what takes them away again. */
  usePageKeys(keys: PageKeys): () => void {
    this.#page = keys;
    return () => {
      if (this.#page === keys) this.#page = undefined;
    };
  }

  showSheet(): void {
    void import('./shortcut-sheet').then(({ ShortcutSheet }) => this.#dialog.open(ShortcutSheet, { width: '640px' }));
  }

  #press(event: KeyboardEvent): void {
    if (event.isComposing || event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && event.code === 'KeyK') {
      event.preventDefault();
      return void this.#commandBox.open();
    }
    if (event.ctrlKey && event.code === 'Backquote') {
      event.preventDefault();
      return this.#dock.unfolded.update((unfolded) => !unfolded && this.#dock.tabs().length > 0);
    }
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#preferences.singleKeys()) return;
    if (isTyping(event.target) || this.#dialog.openDialogs.length > 0) return;
    if (this.#single(event)) event.preventDefault();
  }

  /** Whether the key was one of ours. */
  #single(event: KeyboardEvent): boolean {
    const { code } = event;
    if (event.timeStamp - this.#goPressed() < chordTime && this.#goPressed() > 0) {
      this.#goPressed.set(0);
      const section = sections.find((candidate) => candidate.code === code);
      if (section) void this.#router.navigateByUrl(section.path);
      return section !== undefined;
    }
    if (code === 'KeyG') {
      this.#goPressed.set(event.timeStamp);
      return true;
    }
    if (code === 'Slash' && event.shiftKey) {
      this.showSheet();
      return true;
    }
    if (code === 'Slash') return focusFilter();
    return this.#page?.(code, event) ?? false;
  }
}

function focusFilter(): boolean {
  const filter = document.querySelector<HTMLInputElement>('main [data-filter]');
  filter?.focus();
  return filter !== null;
}

/** Whether keys belong to what has the focus: a field, an editor or a terminal. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target.isContentEditable || target.closest('textarea, select, .xterm, .cm-editor') !== null;
}

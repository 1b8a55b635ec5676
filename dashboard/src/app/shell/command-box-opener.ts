/** Opens the command box; its code is loaded when first opened. */
import { Injectable, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';

@Injectable({ providedIn: 'root' })
export class CommandBoxOpener {
  readonly #dialog = inject(MatDialog);

  async open(): Promise<void> {
    const { CommandBox } = await import('./command-box');
    if (this.#dialog.openDialogs.length === 0)
      this.#dialog.open(CommandBox, { width: '560px', position: { top: '12vh' }, autoFocus: 'input' });
  }
}

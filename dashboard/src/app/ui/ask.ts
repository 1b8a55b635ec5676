/** Opens the dialogs that ask; their code is loaded when first asked. */
import { Injectable, inject } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { firstValueFrom } from 'rxjs';
import type { ConfirmAnswer, ConfirmQuestion } from './confirm-dialog';
import type { ValueQuestion } from './value-dialog';

@Injectable({ providedIn: 'root' })
export class Ask {
  readonly #dialog = inject(MatDialog);

  /** Undefined when cancelled. */
  async confirm(data: ConfirmQuestion): Promise<ConfirmAnswer> {
    const { ConfirmDialog } = await import('./confirm-dialog');
    const opened = this.#dialog.open<InstanceType<typeof ConfirmDialog>, ConfirmQuestion, ConfirmAnswer>(
      ConfirmDialog,
      {
        data,
        width: '480px',
      },
    );
    return firstValueFrom(opened.afterClosed());
  }

  /** Undefined when cancelled. */
  async value(data: ValueQuestion): Promise<string | undefined> {
    const { ValueDialog } = await import('./value-dialog');
    const opened = this.#dialog.open<InstanceType<typeof ValueDialog>, ValueQuestion, string>(ValueDialog, {
      data,
      width: '440px',
    });
    return firstValueFrom(opened.afterClosed());
  }
}

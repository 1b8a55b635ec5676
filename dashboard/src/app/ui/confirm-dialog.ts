/** Asks before something is done that cannot be taken back; Cancel has the focus, Enter confirms nothing. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Language } from '../i18n/language';
import type { Message } from '../i18n/message';

export interface Choice {
  readonly id: string;
  readonly label: Message;
  readonly checked: boolean;
}

export interface ConfirmQuestion {
  readonly title: Message;
  readonly text: Message;
  readonly confirm: Message;
  /** Whether it can be taken back: the button is not red then. */
  readonly harmless?: boolean;
  /** A second, gentler way out. */
  readonly instead?: Message;
  readonly choices?: readonly Choice[];
  /** A name that has to be typed first. */
  readonly typed?: string;
}

export type ConfirmAnswer = { readonly instead: boolean; readonly chosen: ReadonlySet<string> } | undefined;

@Component({
  selector: 'naru-confirm-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FormsModule, MatDialogModule],
  template: `
    <h2 mat-dialog-title>{{ language.sayMessage(question.title) }}</h2>
    <mat-dialog-content class="stack">
      <p>{{ language.sayMessage(question.text) }}</p>
      @if (question.choices?.length) {
        <fieldset>
          <legend class="small muted">{{ language.say('confirm.alsoDelete') }}</legend>
          @for (choice of question.choices; track choice.id) {
            <label class="row">
              <input
                type="checkbox"
                [checked]="chosen().has(choice.id)"
                (change)="toggle(choice.id)"
                [attr.data-testid]="'also-' + choice.id"
              />
              {{ language.sayMessage(choice.label) }}
            </label>
          }
        </fieldset>
      }
      @if (question.typed; as typed) {
        <div class="field">
          <label for="typed">{{ language.say('confirm.type', { name: typed }) }}</label>
          <input id="typed" class="input mono" [(ngModel)]="text" autocomplete="off" />
        </div>
      }
    </mat-dialog-content>
    <mat-dialog-actions>
      <button class="button" type="button" cdkFocusInitial mat-dialog-close data-testid="cancel">
        {{ language.say('action.cancel') }}
      </button>
      <span class="spread"></span>
      @if (question.instead; as instead) {
        <button class="button" type="button" (click)="answer(true)">{{ language.sayMessage(instead) }}</button>
      }
      <button
        class="button"
        [class.danger]="!question.harmless"
        [class.primary]="question.harmless"
        type="button"
        [disabled]="!!question.typed && text() !== question.typed"
        (click)="answer(false)"
        data-testid="confirm"
      >
        {{ language.sayMessage(question.confirm) }}
      </button>
    </mat-dialog-actions>
  `,
  styles: `
    fieldset {
      display: grid;
      gap: 8px;
      margin: 0;
      padding: 0;
      border: 0;
    }
  `,
})
export class ConfirmDialog {
  readonly #dialog = inject<MatDialogRef<ConfirmDialog, ConfirmAnswer>>(MatDialogRef);
  protected readonly question = inject<ConfirmQuestion>(MAT_DIALOG_DATA);
  protected readonly language = inject(Language);
  protected readonly text = signal('');
  protected readonly chosen = signal<ReadonlySet<string>>(
    new Set((this.question.choices ?? []).filter(({ checked }) => checked).map(({ id }) => id)),
  );

  protected toggle(id: string): void {
    this.chosen.update((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  }

  protected answer(instead: boolean): void {
    this.#dialog.close({ instead, chosen: this.chosen() });
  }
}

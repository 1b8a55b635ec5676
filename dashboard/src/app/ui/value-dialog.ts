/** Asks for one value. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Language } from '../i18n/language';
import type { Message } from '../i18n/message';

export interface ValueQuestion {
  readonly title: Message;
  readonly label: Message;
  readonly hint?: Message;
  readonly value: string;
  readonly confirm: Message;
}

@Component({
  selector: 'naru-value-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FormsModule, MatDialogModule],
  template: `
    <form (ngSubmit)="value() && dialog.close(value().trim())">
      <h2 mat-dialog-title>{{ language.sayMessage(question.title) }}</h2>
      <mat-dialog-content>
        <div class="field">
          <label for="value">{{ language.sayMessage(question.label) }}</label>
          <input
            id="value"
            name="value"
            class="input mono"
            [(ngModel)]="value"
            cdkFocusInitial
            autocomplete="off"
            spellcheck="false"
            data-testid="value"
          />
          @if (question.hint; as hint) {
            <span class="hint">{{ language.sayMessage(hint) }}</span>
          }
        </div>
      </mat-dialog-content>
      <mat-dialog-actions>
        <span class="spread"></span>
        <button class="button" type="button" mat-dialog-close>{{ language.say('action.cancel') }}</button>
        <button class="button primary" [disabled]="!value()" data-testid="confirm">
          {{ language.sayMessage(question.confirm) }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
})
export class ValueDialog {
  protected readonly dialog = inject<MatDialogRef<ValueDialog, string>>(MatDialogRef);
  protected readonly question = inject<ValueQuestion>(MAT_DIALOG_DATA);
  protected readonly language = inject(Language);
  protected readonly value = signal(this.question.value);
}

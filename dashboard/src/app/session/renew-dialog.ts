/** Asks for the password in place when the session ended; what was being done goes on after it. */
import { ChangeDetectionStrategy, Component, effect, inject, signal, viewChild } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Language } from '../i18n/language';
import { PasswordField } from './password-field';
import { refusal } from './refusal';
import { Session } from './session';

@Component({
  selector: 'naru-renew-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FormsModule, MatDialogModule, PasswordField],
  template: `
    <form (ngSubmit)="submit()" data-testid="renew">
      <h2 mat-dialog-title>{{ language.say('signIn.again') }}</h2>
      <mat-dialog-content class="stack">
        <p>{{ language.say('signIn.againWhy') }}</p>
        <div class="field">
          <label for="renew-name">{{ language.say('signIn.name') }}</label>
          <input id="renew-name" class="input" [value]="session.userName()" readonly autocomplete="username" />
        </div>
        <naru-password-field [label]="language.say('signIn.password')" [(value)]="password" />
        @if (problem(); as problem) {
          <p class="problem" role="alert">{{ language.sayMessage(problem) }}</p>
        }
      </mat-dialog-content>
      <mat-dialog-actions>
        <a class="button quiet" href="/">{{ language.say('signIn.other') }}</a>
        <span class="spread"></span>
        <button class="button primary" [disabled]="!password()" data-testid="submit">
          {{ language.say('signIn.button') }}
        </button>
      </mat-dialog-actions>
    </form>
  `,
})
export class RenewDialog {
  readonly #dialog = inject(MatDialogRef<RenewDialog>);
  protected readonly session = inject(Session);
  protected readonly language = inject(Language);
  protected readonly password = signal('');
  protected readonly problem = signal<ReturnType<typeof refusal> | undefined>(undefined);
  private readonly passwordField = viewChild.required(PasswordField);

  constructor() {
    effect(() => {
      if (!this.session.expired()) this.#dialog.close();
    });
  }

  protected async submit(): Promise<void> {
    try {
      await this.session.signIn(this.session.userName(), this.password(), false);
    } catch (error) {
      this.problem.set(refusal(error));
      this.passwordField().focus();
    }
  }
}

/** The account of whoever is signed in: another password, and the end of every session. */
import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { Language } from '../i18n/language';
import { message } from '../i18n/message';
import { Notices } from '../ui/notices';
import { PasswordField, shortestPassword } from './password-field';
import { refusal } from './refusal';
import { Refused, Session } from './session';

@Component({
  selector: 'naru-account-dialog',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FormsModule, MatDialogModule, PasswordField],
  template: `
    <form (ngSubmit)="change()" data-testid="account-settings">
      <h2 mat-dialog-title>{{ language.say('account.title', { name: session.userName() }) }}</h2>
      <mat-dialog-content class="stack">
        <h3>{{ language.say('account.change') }}</h3>
        <p class="muted">{{ language.say('account.changeWhy') }}</p>
        <input
          class="visually-hidden"
          tabindex="-1"
          aria-hidden="true"
          autocomplete="username"
          [value]="session.userName()"
          readonly
        />
        <naru-password-field name="current-password" [label]="language.say('account.current')" [(value)]="current" />
        <naru-password-field
          name="new-password"
          autocomplete="new-password"
          [label]="language.say('firstRun.password')"
          [hint]="language.say('firstRun.passwordHint', { min: shortestPassword })"
          [(value)]="password"
        />
        @if (problem(); as problem) {
          <p class="problem" role="alert" data-testid="refused">{{ language.sayMessage(problem) }}</p>
        }
        <div>
          <button class="button primary" [disabled]="!current() || !password() || busy()" data-testid="change-password">
            {{ language.say('account.change') }}
          </button>
        </div>
        <h3>{{ language.say('account.everywhere') }}</h3>
        <p class="muted">{{ language.say('account.everywhereWhy') }}</p>
        <div>
          <button class="button" type="button" data-testid="sign-out-everywhere" (click)="signOutEverywhere()">
            {{ language.say('account.everywhere') }}
          </button>
        </div>
      </mat-dialog-content>
      <mat-dialog-actions>
        <span class="spread"></span>
        <button class="button" type="button" mat-dialog-close>{{ language.say('action.close') }}</button>
      </mat-dialog-actions>
    </form>
  `,
  styles: `
    h3:not(:first-child) {
      margin-top: 8px;
    }
  `,
})
export class AccountDialog {
  readonly #dialog = inject(MatDialogRef<AccountDialog>);
  readonly #notices = inject(Notices);
  protected readonly session = inject(Session);
  protected readonly language = inject(Language);
  protected readonly shortestPassword = shortestPassword;
  protected readonly current = signal('');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal<ReturnType<typeof refusal> | undefined>(undefined);
  private readonly currentField = viewChild.required(PasswordField);

  protected async change(): Promise<void> {
    if (!this.current() || !this.password()) return;
    this.busy.set(true);
    try {
      await this.session.changePassword(this.current(), this.password());
      this.#notices.show({ message: message('account.changed') });
      this.#dialog.close();
    } catch (error) {
      const isWrong = error instanceof Refused && error.code === 'WrongPassword';
      this.problem.set(isWrong ? message('account.wrongCurrent') : refusal(error));
      this.currentField().focus();
    } finally {
      this.busy.set(false);
    }
  }

  protected async signOutEverywhere(): Promise<void> {
    try {
      await this.session.signOutEverywhere();
    } catch (error) {
      this.problem.set(refusal(error));
    }
  }
}

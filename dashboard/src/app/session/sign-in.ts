/** The sign-in page; inside a dialog, the same fields renew an expired session. */
import { ChangeDetectionStrategy, Component, inject, signal, viewChild } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { Language } from '../i18n/language';
import { EntryFrame } from './entry-frame';
import { PasswordField } from './password-field';
import { refusal } from './refusal';
import { Session } from './session';

@Component({
  selector: 'naru-sign-in',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EntryFrame, FormsModule, PasswordField],
  template: `
    <naru-entry-frame>
      <form class="stack" (ngSubmit)="submit()" data-testid="sign-in">
        <h1>{{ language.say('signIn.title') }}</h1>
        <div class="field">
          <label for="name">{{ language.say('signIn.name') }}</label>
          <input
            id="name"
            class="input"
            name="name"
            autocomplete="username"
            autofocus
            [(ngModel)]="name"
            data-testid="name"
          />
        </div>
        <naru-password-field [label]="language.say('signIn.password')" [(value)]="password" />
        <label class="row"
          ><input type="checkbox" name="remember" [(ngModel)]="remember" />{{ language.say('signIn.remember') }}</label
        >
        @if (problem(); as problem) {
          <p class="problem" role="alert" data-testid="refused">{{ language.sayMessage(problem) }}</p>
        }
        <button class="button primary" [disabled]="busy() || !name() || !password()" data-testid="submit">
          {{ language.say('signIn.button') }}
        </button>
      </form>
    </naru-entry-frame>
  `,
})
export class SignIn {
  readonly #session = inject(Session);
  protected readonly language = inject(Language);
  protected readonly name = signal('');
  protected readonly password = signal('');
  protected readonly remember = signal(false);
  protected readonly busy = signal(false);
  protected readonly problem = signal<ReturnType<typeof refusal> | undefined>(undefined);
  private readonly passwordField = viewChild.required(PasswordField);

  protected async submit(): Promise<void> {
    this.busy.set(true);
    try {
      await this.#session.signIn(this.name(), this.password(), this.remember());
    } catch (error) {
      this.problem.set(refusal(error));
      this.passwordField().focus();
    } finally {
      this.busy.set(false);
    }
  }
}

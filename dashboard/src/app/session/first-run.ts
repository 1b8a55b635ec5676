/** The first page of a new server: the printed code makes the administrator. */
import { ChangeDetectionStrategy, Component, inject, signal } from '@angular/core';
import { FormsModule } from '@angular/forms';
import { Language } from '../i18n/language';
import { EntryFrame } from './entry-frame';
import { PasswordField, shortestPassword } from './password-field';
import { refusal } from './refusal';
import { Session } from './session';

@Component({
  selector: 'naru-first-run',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [EntryFrame, FormsModule, PasswordField],
  template: `
    <naru-entry-frame>
      <form class="stack" (ngSubmit)="submit()" data-testid="first-run">
        <h1>{{ language.say('firstRun.title') }}</h1>
        <p class="muted">{{ language.say('firstRun.why') }}</p>
        <div class="field">
          <label for="code">{{ language.say('firstRun.code') }}</label>
          <input
            id="code"
            class="input mono"
            name="code"
            autocomplete="one-time-code"
            autofocus
            spellcheck="false"
            [(ngModel)]="code"
            data-testid="code"
          />
        </div>
        <div class="field">
          <label for="name">{{ language.say('signIn.name') }}</label>
          <input id="name" class="input" name="name" autocomplete="username" [(ngModel)]="name" data-testid="name" />
        </div>
        <naru-password-field
          autocomplete="new-password"
          [label]="language.say('firstRun.password')"
          [hint]="language.say('firstRun.passwordHint', { min: shortestPassword })"
          [(value)]="password"
        />
        @if (problem(); as problem) {
          <p class="problem" role="alert" data-testid="refused">{{ language.sayMessage(problem) }}</p>
        }
        <button class="button primary" [disabled]="!ready()" data-testid="submit">
          {{ language.say('firstRun.button') }}
        </button>
      </form>
    </naru-entry-frame>
  `,
})
export class FirstRun {
  readonly #session = inject(Session);
  protected readonly language = inject(Language);
  protected readonly shortestPassword = shortestPassword;
  protected readonly code = signal('');
  protected readonly name = signal('admin');
  protected readonly password = signal('');
  protected readonly busy = signal(false);
  protected readonly problem = signal<ReturnType<typeof refusal> | undefined>(undefined);

  protected ready(): boolean {
    return !this.busy() && this.code() !== '' && this.name() !== '' && this.password().length >= shortestPassword;
  }

  protected async submit(): Promise<void> {
    this.busy.set(true);
    try {
      await this.#session.firstRun(this.code().trim(), this.name().trim(), this.password());
    } catch (error) {
      this.problem.set(refusal(error));
    } finally {
      this.busy.set(false);
    }
  }
}

/** The root: sign-in, first run, or the shell with its pages. */
import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { Language } from './i18n/language';
import { FirstRun } from './session/first-run';
import { Session } from './session/session';
import { SignIn } from './session/sign-in';
import { Preferences } from './shell/preferences';
import { Shell } from './shell/shell';

@Component({
  selector: 'naru-root',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [FirstRun, SignIn, Shell],
  template: `
    @switch (session.state()) {
      @case ('signed-in') {
        <!-- Whoever signs in first needs none of it. -->
        @defer (on immediate) {
          <naru-shell />
        }
      }
      @case ('first-run') {
        <naru-first-run />
      }
      @case ('signed-out') {
        <naru-sign-in />
      }
      @case ('unreachable') {
        <main class="unreachable">
          <h1>{{ say('unreachable.title') }}</h1>
          <p class="muted">{{ say('unreachable.why') }}</p>
          <button class="button primary" type="button" (click)="session.restore()">{{ say('action.retry') }}</button>
        </main>
      }
    }
  `,
  styles: `
    .unreachable {
      display: grid;
      gap: 12px;
      place-content: center;
      justify-items: center;
      min-height: 100vh;
      padding: 16px;
      text-align: center;
    }
  `,
})
export class App {
  protected readonly session = inject(Session);
  protected readonly say = inject(Language).say;

  constructor() {
    // The theme is set before anything is signed in.
    inject(Preferences);
  }
}

/** The frame of every page: top bar, navigation, page, dock, notices. */
import { ChangeDetectionStrategy, Component, effect, inject, signal } from '@angular/core';
import { MatDialog } from '@angular/material/dialog';
import { RouterOutlet } from '@angular/router';
import { BrowserNotices } from '../alerts/browser-notices';
import { Discovery } from '../cluster/discovery';
import { Stream } from '../cluster/stream';
import { TickingClock } from '../cluster/ticking-clock';
import { DockTabs } from '../dock/dock-tabs';
import { Language } from '../i18n/language';
import { Session } from '../session/session';
import { Dock } from '../dock/dock';
import { NoticeList } from '../ui/notice-list';
import { clockTime } from '../ui/relative-time';
import { BottomBar } from './bottom-bar';
import { Navigation } from './navigation';
import { Shortcuts } from './shortcuts';
import { TopBar } from './top-bar';

/** After this long without a word of the server, the page says how old its data is; in milliseconds. */
const staleAfter = 10_000;
/** Alert rules are taken for stopped when not evaluated for this long. */
const rulesStoppedAfter = 60_000;

@Component({
  selector: 'naru-shell',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [BottomBar, Dock, Navigation, NoticeList, RouterOutlet, TopBar],
  template: `
    <a class="skip button" href="#content" (click)="skip($event)">{{ language.say('shell.skip') }}</a>
    <naru-top-bar />
    <div class="middle">
      <naru-navigation />
      <div class="content">
        @if (stale(); as since) {
          <div class="banner strip" role="alert" data-testid="stale">
            {{ language.say('connection.stale', { time: since }) }}
          </div>
        }
        @if (rulesStopped(); as since) {
          <div class="banner bad strip" role="alert">
            {{ language.say('connection.rulesStopped', { time: since }) }}
          </div>
        }
        <main id="content" tabindex="-1"><router-outlet /></main>
      </div>
    </div>
    @if (dock.tabs().length > 0) {
      @defer {
        <naru-dock />
      }
    }
    <naru-bottom-bar />
    <naru-notice-list />
  `,
  styles: `
    :host {
      display: grid;
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: auto minmax(0, 1fr) auto auto;
      height: 100dvh;
    }
    .middle {
      display: flex;
      min-height: 0;
    }
    .content {
      display: flex;
      flex-direction: column;
      flex: 1;
      min-width: 0;
    }
    main {
      flex: 1;
      min-height: 0;
      overflow: auto;
      outline: none;
    }
    .strip {
      border-radius: 0;
    }
    .skip {
      position: absolute;
      left: 8px;
      top: -60px;
      z-index: 10;
    }
    .skip:focus {
      top: 8px;
    }
  `,
})
export class Shell {
  readonly #stream = inject(Stream);
  readonly #clock = inject(TickingClock);
  protected readonly language = inject(Language);
  protected readonly dock = inject(DockTabs);
  protected readonly stale = signal<string | undefined>(undefined);
  protected readonly rulesStopped = signal<string | undefined>(undefined);

  constructor() {
    void inject(Discovery).load();
    inject(Shortcuts).listen();
    inject(BrowserNotices).listen();
    this.#renewWhenExpired();
    effect(() => {
      const silent = !this.#stream.live() && this.#clock.now() - this.#stream.lastMessage() > staleAfter;
      this.stale.set(silent ? clockTime(this.#stream.lastMessage(), this.language.current()) : undefined);
    });
    effect(() => {
      const rulesAt = Date.parse(this.#stream.rulesAt() ?? '');
      const stopped = this.#stream.live() && this.#clock.now() - rulesAt > rulesStoppedAfter;
      this.rulesStopped.set(stopped ? clockTime(rulesAt, this.language.current()) : undefined);
    });
  }

  #renewWhenExpired(): void {
    const session = inject(Session);
    const dialog = inject(MatDialog);
    effect(() => {
      if (!session.expired()) return;
      void import('../session/renew-dialog').then(({ RenewDialog }) => {
        if (session.expired()) dialog.open(RenewDialog, { disableClose: true, width: '420px' });
      });
    });
  }

  protected skip(event: Event): void {
    event.preventDefault();
    document.getElementById('content')?.focus();
  }
}

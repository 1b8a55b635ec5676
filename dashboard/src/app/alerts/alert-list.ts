/** What fires and what fired; browser notifications are switched on here. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { Cluster } from '../cluster/cluster';
import { Stream } from '../cluster/stream';
import { Language } from '../i18n/language';
import { Age } from '../ui/age';
import { EmptyState } from '../ui/empty-state';
import { Skeleton } from '../ui/skeleton';
import { AlertCard } from './alert-card';
import { AlertStore } from './alert-store';
import { BrowserNotices } from './browser-notices';

@Component({
  selector: 'naru-alert-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age, AlertCard, EmptyState, Skeleton],
  template: `
    <div class="page">
      <div class="page-head">
        <h1>{{ language.say('nav.alerts') }}</h1>
        <span class="spread"></span>
        @if (stream.rulesAt(); as time) {
          <span class="small muted">{{ language.say('alerts.checked') }} <naru-age [time]="time" /></span>
        }
        @if (notices.supported) {
          <label class="row"
            ><input
              type="checkbox"
              data-testid="notify"
              [checked]="notices.on()"
              (change)="notices.turn($any($event.target).checked)"
            />{{ language.say('alerts.notify') }}</label
          >
        }
      </div>
      @if (notices.refused()) {
        <p class="banner" role="status">{{ language.say('alerts.notifyRefused') }}</p>
      }
      <div class="tabs" role="tablist">
        <button
          type="button"
          role="tab"
          [attr.aria-selected]="shown() === 'firing'"
          data-testid="tab-firing"
          (click)="show('firing')"
        >
          {{ language.say('alerts.firing') }} <span class="count">{{ firing().length }}</span>
        </button>
        <button
          type="button"
          role="tab"
          [attr.aria-selected]="shown() === 'history'"
          data-testid="tab-history"
          (click)="show('history')"
        >
          {{ language.say('alerts.history') }}
        </button>
      </div>
      @if (!alerts.loaded()) {
        <div class="card"><naru-skeleton /></div>
      } @else {
        <div class="stack" role="tabpanel">
          @for (alert of shown() === 'firing' ? firing() : past(); track alert.metadata.uid) {
            <naru-alert-card [alert]="alert" />
          } @empty {
            <div class="card">
              <naru-empty-state
                icon="bell"
                [title]="language.say(shown() === 'firing' ? 'alerts.none' : 'alerts.noHistory')"
                [text]="shown() === 'firing' ? language.say('alerts.noneWhy') : ''"
              />
            </div>
          }
        </div>
      }
    </div>
  `,
})
export class AlertList {
  readonly tab = input<string>();
  readonly #router = inject(Router);
  readonly #cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly alerts = inject(AlertStore);
  protected readonly stream = inject(Stream);
  protected readonly notices = inject(BrowserNotices);
  protected readonly shown = computed(() => (this.tab() === 'history' ? 'history' : 'firing'));
  /** Alerts about machines live in a project of the system's and concern everyone. */
  readonly #concerns = (project = '') => project === 'kube-system' || this.#cluster.shows(project);
  protected readonly firing = computed(() =>
    this.alerts.firing().filter(({ metadata }) => this.#concerns(metadata.namespace)),
  );
  protected readonly past = computed(() =>
    this.alerts.past().filter(({ metadata }) => this.#concerns(metadata.namespace)),
  );

  protected show(tab: string): void {
    void this.#router.navigate([], {
      queryParams: { tab: tab === 'firing' ? null : tab },
      queryParamsHandling: 'merge',
    });
  }
}

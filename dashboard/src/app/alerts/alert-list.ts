/** What fires and what fired; browser notifications are switched on here. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { Router } from '@angular/router';
import { ChannelList } from '../channels/channel-list';
import { Stream } from '../cluster/stream';
import { Language } from '../i18n/language';
import { Age } from '../ui/age';
import { EmptyState } from '../ui/empty-state';
import { Skeleton } from '../ui/skeleton';
import { AlertCard } from './alert-card';
import { AlertStore } from './alert-store';

const tabs = ['firing', 'history', 'channels'] as const;

@Component({
  selector: 'naru-alert-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age, AlertCard, ChannelList, EmptyState, Skeleton],
  template: `
    <div class="page">
      <div class="page-head">
        <h1>{{ language.say('nav.alerts') }}</h1>
        <span class="spread"></span>
        @if (stream.rulesAt(); as time) {
          <span class="small muted">{{ language.say('alerts.checked') }} <naru-age [time]="time" /></span>
        }
      </div>
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
        <button
          type="button"
          role="tab"
          [attr.aria-selected]="shown() === 'channels'"
          data-testid="tab-channels"
          (click)="show('channels')"
        >
          {{ language.say('alerts.channels') }}
        </button>
      </div>
      @if (shown() === 'channels') {
        @defer {
          <naru-channel-list role="tabpanel" />
        } @placeholder {
          <naru-skeleton />
        }
      } @else if (!alerts.loaded()) {
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
  protected readonly language = inject(Language);
  protected readonly alerts = inject(AlertStore);
  protected readonly stream = inject(Stream);
  protected readonly shown = computed(() => tabs.find((tab) => tab === this.tab()) ?? 'firing');
  protected readonly firing = computed(() => this.alerts.firing().filter((alert) => this.alerts.concerns(alert)));
  protected readonly past = computed(() => this.alerts.past().filter((alert) => this.alerts.concerns(alert)));

  protected show(tab: string): void {
    void this.#router.navigate([], {
      queryParams: { tab: tab === 'firing' ? null : tab },
      queryParamsHandling: 'merge',
    });
  }
}

/** Where alerts are told besides this page: this browser, and webhooks. */
import { ChangeDetectionStrategy, Component, computed, inject, signal } from '@angular/core';
import { BrowserNotices } from '../alerts/browser-notices';
import { LiveKinds } from '../cluster/live-kinds';
import { Language } from '../i18n/language';
import type { MessageKey } from '../i18n/message';
import { Age } from '../ui/age';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import type { IconName } from '../ui/icon-paths';
import { Skeleton } from '../ui/skeleton';
import { StatusMark, type Tone } from '../ui/status-mark';
import { type Channel, type ChannelState, stateOf, testOf } from './channel';
import { ChannelActions } from './channel-actions';
import { ChannelFormCard } from './channel-form';

interface Look {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: MessageKey;
}

const looks: Readonly<Record<ChannelState, Look>> = {
  paused: { tone: 'idle', icon: 'pause', word: 'channels.state.paused' },
  failing: { tone: 'bad', icon: 'error', word: 'channels.state.failing' },
  working: { tone: 'ok', icon: 'okCircle', word: 'channels.state.working' },
  unused: { tone: 'idle', icon: 'minus', word: 'channels.state.unused' },
};

@Component({
  selector: 'naru-channel-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age, ChannelFormCard, EmptyState, Icon, Skeleton, StatusMark],
  templateUrl: './channel-list.html',
  styleUrl: './channel-list.scss',
})
export class ChannelList {
  readonly #channels = inject(LiveKinds).follow<Channel>('naru.dev', 'notificationchannels');
  protected readonly language = inject(Language);
  protected readonly actions = inject(ChannelActions);
  protected readonly notices = inject(BrowserNotices);
  protected readonly loaded = this.#channels.loaded;
  protected readonly adding = signal(false);
  protected readonly looks = looks;
  protected readonly stateOf = stateOf;
  protected readonly testOf = testOf;
  protected readonly channels = computed(() =>
    [...this.#channels.items()].sort((a, b) => a.metadata.name.localeCompare(b.metadata.name)),
  );

  /** Only the host: the rest of a webhook's address is a secret. */
  protected placeOf({ spec }: Channel): string {
    if (!spec.url) return this.language.say('channels.fromSecret');
    return URL.canParse(spec.url) ? new URL(spec.url).host : spec.url;
  }
}

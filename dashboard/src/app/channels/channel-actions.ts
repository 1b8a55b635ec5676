/** Adds, tests, pauses and removes channels. */
import { Injectable, inject } from '@angular/core';
import { ApiClient } from '../cluster/api-client';
import { asFailure } from '../cluster/failure';
import { type Message, message } from '../i18n/message';
import { Ask } from '../ui/ask';
import { Notices } from '../ui/notices';
import { type Channel, type ChannelRequest, channelOf, secretOf, secretPath, testAnnotation } from './channel';

const collection = '/apis/naru.dev/v1/notificationchannels';

@Injectable({ providedIn: 'root' })
export class ChannelActions {
  readonly #api = inject(ApiClient);
  readonly #ask = inject(Ask);
  readonly #notices = inject(Notices);

  /** Throws a Failure when the server refuses; the channel is checked before its address is kept. */
  async add(request: ChannelRequest): Promise<void> {
    await this.#api.create(collection, channelOf(request), { query: { dryRun: 'All' } });
    await this.#api.create(secretPath(), secretOf(request));
    try {
      await this.#api.create(collection, channelOf(request));
    } catch (error) {
      await this.#api.delete(secretPath(request.name));
      throw error;
    }
  }

  test(channel: Channel): Promise<void> {
    const annotations = { [testAnnotation]: new Date().toISOString() };
    return this.#try(message('channels.test'), () =>
      this.#api.patch(pathOf(channel), 'merge', { metadata: { annotations } }),
    );
  }

  pause(channel: Channel, paused: boolean): Promise<void> {
    return this.#try(message(paused ? 'channels.pause' : 'channels.resume'), () =>
      this.#api.patch(pathOf(channel), 'merge', { spec: { paused: paused || null } }),
    );
  }

  async remove(channel: Channel): Promise<void> {
    const { name } = channel.metadata;
    const answer = await this.#ask.confirm({
      title: message('confirm.deletePod', { name }),
      text: message('channels.removeText'),
      confirm: message('action.delete'),
    });
    if (!answer) return;
    await this.#try(message('action.delete'), async () => {
      await this.#api.delete(pathOf(channel));
      if (channel.spec.urlFrom?.name === secretOf({ name, url: '' }).metadata.name)
        await this.#api.delete(secretPath(name));
    });
  }

  async #try(what: Message, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#notices.show({ message: what, failure: asFailure(error) });
    }
  }
}

function pathOf(channel: Channel): string {
  return `${collection}/${channel.metadata.name}`;
}

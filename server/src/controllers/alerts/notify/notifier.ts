/** Tells people outside the page of alerts, by webhook: what was told stands in the alerts, so that a restart tells nothing twice. */
import type { Informer } from '@naru/api/client/informer';
import { isNotFound } from '@naru/api/status';
import type { ControllerContext } from '../../runtime/define-controller.ts';
import { timestamp } from '../../runtime/timestamp.ts';
import { WorkQueue } from '../../runtime/work-queue.ts';
import { alerts, type Alert } from '../alert.ts';
import { notifyFailed } from '../rules/channels.ts';
import { timeOf } from '../views/pod.ts';
import {
  channelName,
  concerns,
  destinationOf,
  notificationChannels,
  pendingTest,
  type Destination,
  type NotificationChannel,
} from './channel.ts';
import { bodyOf, type Message } from './message.ts';
import { plan, toldFiring, toldResolved } from './plan.ts';
import { post } from './post.ts';
import { resolveName, targetOf } from './target.ts';

const byGroup = 'group';
const mostTries = 5;
const pauses = [1_000, 5_000, 20_000, 60_000];
/** A channel's object says so often that it works. */
const deliveredEvery = 60_000;
const longestError = 500;

/** Alerts of one app are told together. */
const groupOf = ({ metadata, spec }: Alert): string =>
  JSON.stringify([metadata.namespace, spec.subject.kind, spec.subject.name]);

/** A channel and a group of alerts; without a group, the channel's test. */
const keyOf = (channel: string, group = ''): string => `${channel}|${group}`;

/** Sends a message; absent in tests: over the network. */
export type Send = (destination: Destination, message: Message) => Promise<void>;

const send: Send = async ({ url, form, language, authorization }, message) =>
  post(await targetOf(url, resolveName), bodyOf(message, form, language), authorization);

export class Notifier {
  readonly #context: ControllerContext;
  readonly #send: Send;
  readonly #alerts: Informer<Alert>;
  readonly #channels: Informer<NotificationChannel>;
  readonly #queue: WorkQueue;
  /** Tries of a message that was not taken yet, and when the next one is due. */
  readonly #failures = new Map<string, { tries: number; nextAt: number }>();

  constructor(context: ControllerContext, options: { send?: Send | undefined } = {}) {
    const { clock, log, signal, informers } = context;
    this.#context = context;
    this.#send = options.send ?? send;
    this.#alerts = informers.for<Alert>(alerts);
    this.#alerts.addIndex(byGroup, (alert) => [groupOf(alert)]);
    this.#channels = informers.for<NotificationChannel>(notificationChannels);
    this.#queue = new WorkQueue({
      clock,
      workers: 4,
      work: (key) => this.#work(key),
      onError: (key, error) => {
        if (!signal.aborted) log.error({ err: error, key }, 'alerts cannot be told');
      },
    });
    signal.addEventListener('abort', () => this.#queue.stop(), { once: true });
  }

  start(): void {
    const changed = (alert: Alert) => {
      for (const channel of this.#channels.list()) this.#queue.add(keyOf(channelName(channel), groupOf(alert)));
    };
    this.#alerts.listen({ add: changed, update: changed, delete: changed });
    this.#channels.listen({
      add: (channel) => this.#consider(channel),
      update: (channel, old) => {
        if (channel.metadata.generation === old.metadata.generation) this.#queue.add(keyOf(channelName(channel)));
        else this.#consider(channel);
      },
    });
    this.#queue.start();
  }

  /** The channel is new or another one now: there may be something to tell it of everything. */
  #consider(channel: NotificationChannel): void {
    const name = channelName(channel);
    this.#queue.add(keyOf(name));
    for (const alert of this.#alerts.list()) this.#queue.add(keyOf(name, groupOf(alert)));
  }

  async #work(key: string): Promise<void> {
    const cut = key.indexOf('|');
    const [name, group] = [key.slice(0, cut), key.slice(cut + 1)];
    const channel = this.#channels.get(name);
    if (!channel) return void this.#failures.delete(key);
    return group === '' ? this.#test(channel) : this.#tell(channel, group);
  }

  async #tell(channel: NotificationChannel, group: string): Promise<void> {
    const { clock } = this.#context;
    const name = channelName(channel);
    const key = keyOf(name, group);
    const wait = (this.#failures.get(key)?.nextAt ?? 0) - clock.now();
    if (wait > 0) return this.#queue.addAfter(key, wait);
    const { minimumSeverity = 'warning', paused = false } = channel.spec;
    const members = this.#alerts
      .byIndex(byGroup, group)
      .filter(({ spec, metadata }) => spec.rule !== notifyFailed.name && concerns(channel, metadata.namespace ?? ''));
    if (paused || members.length === 0) return void this.#failures.delete(key);
    const { firing, resolved, after } = plan(members, { channel: name, minimumSeverity, now: clock.now() });
    const isTold =
      (await this.#deliver(key, channel, { status: 'firing', alerts: firing })) &&
      (await this.#deliver(key, channel, { status: 'resolved', alerts: resolved }));
    if (isTold && after !== undefined) this.#queue.addAfter(key, Math.max(after, 1));
  }

  /**
   * False when it is to be tried again later. After the last try it is noted as told, too: the channel's status says that
   * it was not, and another alert tells of that.
   */
  async #deliver(key: string, channel: NotificationChannel, message: Message): Promise<boolean> {
    if (message.alerts.length === 0) return true;
    const failure = await this.#attempt(channel, message);
    const { clock } = this.#context;
    if (failure) {
      const tries = (this.#failures.get(key)?.tries ?? 0) + 1;
      if (tries < mostTries) {
        const pause = pauses[tries - 1] ?? 0;
        this.#failures.set(key, { tries, nextAt: clock.now() + pause });
        this.#queue.addAfter(key, pause);
        return false;
      }
    }
    this.#failures.delete(key);
    const note = message.status === 'firing' ? toldFiring : toldResolved;
    await this.#noteTold(message.alerts, note(channelName(channel)));
    await this.#noteOutcome(channel, failure);
    return true;
  }

  /** A request for a test is answered once, whatever comes of it. */
  async #test(channel: NotificationChannel): Promise<void> {
    const requestedAt = pendingTest(channel);
    if (requestedAt === undefined) return;
    const failure = await this.#attempt(channel, { status: 'test', alerts: [] });
    const at = timestamp(this.#context.clock.now());
    const test = { requestedAt, at, error: failure ?? null };
    await this.#writeStatus(channel, { test, ...(failure === undefined && { deliveredAt: at, error: null }) });
  }

  /** What went wrong; undefined when the receiver took it. */
  async #attempt(channel: NotificationChannel, message: Message): Promise<string | undefined> {
    const { log, client } = this.#context;
    try {
      await this.#send(await destinationOf(channel, client), message);
      return undefined;
    } catch (error) {
      log.info({ err: error, channel: channelName(channel) }, 'a webhook did not take a message');
      return (error instanceof Error ? error.message : String(error)).slice(0, longestError);
    }
  }

  async #noteTold(told: readonly Alert[], key: string): Promise<void> {
    const { client, clock } = this.#context;
    const body = { status: { notified: { [key]: timestamp(clock.now()) } } };
    for (const { metadata } of told) {
      await client
        .for(alerts)
        .patch(metadata.name ?? '', metadata.namespace, body, { type: 'merge', subresource: 'status' })
        .catch(unlessNotFound);
    }
  }

  async #noteOutcome(channel: NotificationChannel, failure: string | undefined): Promise<void> {
    const now = this.#context.clock.now();
    const at = timestamp(now);
    if (failure !== undefined) return this.#writeStatus(channel, { failedAt: at, error: failure });
    const { deliveredAt, error } = this.#channels.get(channelName(channel))?.status ?? {};
    const isNews = error !== undefined || now - (timeOf(deliveredAt) ?? 0) >= deliveredEvery;
    if (isNews) await this.#writeStatus(channel, { deliveredAt: at, error: null });
  }

  async #writeStatus(channel: NotificationChannel, status: object): Promise<void> {
    await this.#context.client
      .for(notificationChannels)
      .patch(channelName(channel), undefined, { status }, { type: 'merge', subresource: 'status' })
      .catch(unlessNotFound);
  }
}

function unlessNotFound(error: unknown): void {
  if (!isNotFound(error)) throw error;
}

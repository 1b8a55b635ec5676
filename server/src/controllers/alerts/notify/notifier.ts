/** Tells people outside the page of alerts, by webhook: what was told stands in the alerts, so that a restart tells nothing twice. */
import type { Informer } from '@naru/api/client/informer';
import { isNotFound } from '@naru/api/status';
import type { ControllerContext } from '../../runtime/define-controller.ts';
import { timestamp } from '../../runtime/timestamp.ts';
import { WorkQueue } from '../../runtime/work-queue.ts';
import { alerts, clusterNamespace, type Alert } from '../alert.ts';
import type { Reports } from '../reports.ts';
import { notifyFailed } from '../rules/reported.ts';
import { channelName, readChannel, type Channel } from './channel.ts';
import { bodyOf, type Message } from './message.ts';
import { plan, toldFiring, toldResolved } from './plan.ts';
import { post } from './post.ts';
import { resolveName, targetOf } from './target.ts';

const byGroup = 'group';
const mostTries = 5;
const firstPause = 1_000;

/** Alerts of one app are told together. */
const groupOf = ({ metadata, spec }: Alert): string =>
  JSON.stringify([metadata.namespace, spec.subject.kind, spec.subject.name]);

/** Sends a message; absent in tests: over the network. */
export type Send = (channel: Channel, message: Message) => Promise<void>;

const send: Send = async (channel, message) =>
  post(await targetOf(channel.url, resolveName), bodyOf(message, channel.form, channel.language));

export interface NotifierOptions {
  readonly reports: Reports;
  readonly send?: Send | undefined;
}

export class Notifier {
  readonly #context: ControllerContext;
  readonly #reports: Reports;
  readonly #send: Send;
  readonly #alerts: Informer<Alert>;
  readonly #queue: WorkQueue;

  constructor(context: ControllerContext, options: NotifierOptions) {
    const { clock, log, signal, informers } = context;
    this.#context = context;
    this.#reports = options.reports;
    this.#send = options.send ?? send;
    this.#alerts = informers.for<Alert>(alerts);
    this.#alerts.addIndex(byGroup, (alert) => [groupOf(alert)]);
    this.#queue = new WorkQueue({
      clock,
      workers: 2,
      work: (group) => this.#tell(group),
      onError: (group, error) => {
        if (!signal.aborted) log.error({ err: error, group }, 'alerts cannot be told');
      },
    });
    signal.addEventListener('abort', () => this.#queue.stop(), { once: true });
  }

  start(): void {
    const add = (alert: Alert) => this.#queue.add(groupOf(alert));
    this.#alerts.listen({ add, update: add, delete: add });
    this.#queue.start();
  }

  async #tell(group: string): Promise<void> {
    const { clock, client } = this.#context;
    const members = this.#alerts.byIndex(byGroup, group).filter(({ spec }) => spec.rule !== notifyFailed.name);
    if (members.length === 0) return;
    const channel = await readChannel(client);
    if (!channel) return;
    const { firing, resolved, after } = plan(members, channel.minimumSeverity, clock.now());
    if (firing.length) await this.#deliver(channel, { status: 'firing', alerts: firing }, toldFiring);
    if (resolved.length) await this.#deliver(channel, { status: 'resolved', alerts: resolved }, toldResolved);
    if (after !== undefined) this.#queue.addAfter(group, Math.max(after, 1));
  }

  /** After the last try it is noted as told, too: another alert says that it was not. */
  async #deliver(channel: Channel, message: Message, key: string): Promise<void> {
    const error = await this.#attempt(channel, message);
    const subject = { kind: 'Secret', name: channelName };
    const finding = error && { params: { channel: 'webhook', error: error.message.slice(0, 500) } };
    this.#reports.tell(notifyFailed, clusterNamespace, subject, finding);
    const { client, clock } = this.#context;
    const body = { status: { notified: { [key]: timestamp(clock.now()) } } };
    for (const { metadata } of message.alerts) {
      await client
        .for(alerts)
        .patch(metadata.name ?? '', metadata.namespace, body, { type: 'merge', subresource: 'status' })
        .catch((failure: unknown) => {
          if (!isNotFound(failure)) throw failure;
        });
    }
  }

  /** Undefined when it was delivered. */
  async #attempt(channel: Channel, message: Message): Promise<Error | undefined> {
    const { log, signal } = this.#context;
    let failure: Error | undefined;
    for (let tries = 0; tries < mostTries && !signal.aborted; tries++) {
      if (tries > 0) await this.#pause(firstPause * 2 ** (tries - 1));
      try {
        await this.#send(channel, message);
        return undefined;
      } catch (error) {
        failure = error instanceof Error ? error : new Error(String(error));
        log.info({ err: failure, tries: tries + 1 }, 'a webhook did not take a message');
      }
    }
    return failure;
  }

  #pause(milliseconds: number): Promise<void> {
    return new Promise((resolve) => this.#context.clock.after(milliseconds, resolve));
  }
}

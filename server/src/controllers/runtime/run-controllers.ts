/** Runs loops over one set of informers. */
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { ControllerConfig } from './controller-config.ts';
import type { Controller } from './define-controller.ts';
import { eventRecorder } from './event-recorder.ts';
import type { Log } from './log.ts';
import { readingOwnWrites } from './own-writes.ts';
import type { QueueRegister } from './queue-register.ts';
import { SharedInformers } from './shared-informers.ts';

export interface RunOptions {
  /** A client with the identity of one component. */
  clientFor(user: string): Client;
  clock: Clock;
  log: Log;
  /** Ends everything. */
  signal: AbortSignal;
  config: ControllerConfig;
  /** Learns of every loop's queue. */
  queues?: QueueRegister;
}

/** Each begins its work when it has seen the first state of its kinds. Returns at once. */
export function runControllers(controllers: readonly Controller[], options: RunOptions): void {
  const { clientFor, clock, log, signal, config, queues } = options;
  const reader = clientFor('system:kube-controller-manager');
  const informers = new SharedInformers({ client: reader, catalog: config.catalog, clock, log, signal });
  for (const controller of controllers) {
    const { name, user, component } = controller;
    const own = clientFor(user);
    const asked = informers.recording();
    const events = eventRecorder({ client: own, clock, log, component, instance: `${component}-${config.hostName}` });
    const client = readingOwnWrites(own, informers, clock);
    const common = { clock, log, signal, config, ...(queues && { queues }) };
    const start = controller.setup({ client, informers: asked, events, ...common });
    void asked.synced().then(() => {
      if (signal.aborted) return;
      log.debug({ controller: name }, 'controller started');
      start();
    });
  }
}

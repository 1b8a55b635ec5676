/** The engine and the notifier at work on a small cluster. */
import { alerts, type Alert } from '../alert.ts';
import { Engine } from '../engine.ts';
import type { Message } from '../notify/message.ts';
import { Notifier } from '../notify/notifier.ts';
import type { Destination } from '../notify/channel.ts';
import type { SignInWatch } from '../views/account.ts';
import type { NodeFigures } from '../views/machine.ts';
import { rest, type SmallCluster } from './small-cluster.ts';

export interface Told {
  readonly url: string;
  readonly status: Message['status'];
  readonly rules: string[];
}

export interface RunningAlerts {
  /** What was sent, in order. */
  readonly told: Told[];
  stop(): void;
}

export interface RunOptions {
  readonly figures?: NodeFigures;
  readonly signIns?: SignInWatch;
  /** Called before a message counts as sent; throws when the receiver does not take it. */
  receive?(destination: Destination, message: Message): void;
}

export async function runAlerts(
  cluster: SmallCluster,
  { figures, signIns, receive }: RunOptions = {},
): Promise<RunningAlerts> {
  const end = new AbortController();
  const told: Told[] = [];
  const context = cluster.context(end.signal);
  const engine = new Engine(context, { figures, signIns, readLog: () => Promise.resolve(['one', 'two']) });
  const notifier = new Notifier(context, {
    async send(destination, message) {
      await Promise.resolve();
      receive?.(destination, message);
      told.push({ url: destination.url, status: message.status, rules: message.alerts.map(({ spec }) => spec.rule) });
    },
  });
  await engine.start();
  notifier.start();
  await rest();
  return {
    told,
    stop() {
      end.abort();
      cluster.forgetListeners();
    },
  };
}

export const alertsIn = (cluster: SmallCluster): Alert[] => cluster.kind(alerts).list() as unknown as Alert[];

/** `CrashLooping critical firing`, sorted. */
export const summary = (cluster: SmallCluster): string[] =>
  alertsIn(cluster)
    .map(({ spec, status }) => `${spec.rule} ${spec.severity} ${status?.state}`)
    .sort();

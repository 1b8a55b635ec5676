/** The whole server on a free port, with a store in memory and, unless asked otherwise, a clock that stands still. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { FakeClock, type Clock } from '@naru/api/clock';
import { pino } from 'pino';
import { buildServer, type BuiltServer } from '../build-server.ts';
import type { Config } from '../config.ts';
import { MemoryStore } from '../store/memory-store.ts';
import type { Store } from '../store/store.ts';
import { testCredentials, type TestCredentials } from './test-credentials.ts';

export interface TestServer extends BuiltServer {
  readonly port: number;
  readonly clock: Clock;
  readonly credentials: TestCredentials;
}

export interface TestServerOptions {
  readonly clock?: Clock;
  readonly store?: Store;
  readonly config?: Partial<Config>;
}

export const usualConfig: Config = {
  dataDir: '',
  port: 6443,
  bindAddress: '127.0.0.1',
  advertiseAddress: '192.0.2.1',
  serviceClusterIpRange: '10.96.0.0/16',
  serviceNodePortRange: { low: 30000, high: 32767 },
  podCidr: '10.244.0.0/16',
  dashboardPort: 0,
  dashboardDir: '',
  store: 'memory',
  logLevel: 'silent',
};

/** Call `stop()` when done. */
export async function startTestServer({
  clock = new FakeClock(),
  store,
  config,
}: TestServerOptions = {}): Promise<TestServer> {
  const credentials = await testCredentials();
  const built = await buildServer({
    config: { ...usualConfig, ...config },
    credentials,
    store: store ?? new MemoryStore({ clock }),
    clock,
    log: pino({ level: 'silent' }),
    naruVersion: '0.0.0-test',
  });
  built.listener.listen(0, '127.0.0.1');
  await once(built.listener, 'listening');
  const { port } = built.listener.address() as AddressInfo;
  return { ...built, port, clock, credentials };
}

/** The dashboard's composition root: its own listeners beside the API, and what they serve. */
import { hostname } from 'node:os';
import type { Server as HttpListener } from 'node:http';
import type { Server } from 'node:net';
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { Logger } from 'pino';
import type { Config, Credentials } from '../config.ts';
import type { HttpServer } from '../http/server.ts';
import { clusterMeans, dnsAddressOf } from './address-test/serve-address-test.ts';
import { FrontDoor } from './front-door.ts';
import { ownNames } from './host-names.ts';
import { Accounts } from './identity/account.ts';
import type { FailedSignIns } from './identity/failed-sign-ins.ts';
import { FirstRunCode } from './identity/first-run-code.ts';
import { Sessions } from './identity/sessions.ts';
import { SignIn } from './identity/sign-in.ts';
import { Throttle } from './identity/throttle.ts';
import { listen, localListener, tlsListener } from './listeners.ts';
import { PageFiles } from './page/page-files.ts';
import { PassThrough } from './pass-through.ts';
import type { StreamServer } from './stream/stream-server.ts';

export interface DashboardParts {
  readonly config: Pick<
    Config,
    'dataDir' | 'bindAddress' | 'advertiseAddress' | 'dashboardPort' | 'dashboardDir' | 'serviceClusterIpRange'
  >;
  readonly credentials: Pick<Credentials, 'tls'>;
  readonly http: HttpServer;
  /** With the dashboard's own identity, for its accounts and sessions. */
  readonly client: Client;
  readonly clock: Clock;
  readonly log: Logger;
  /** gitVersion of /version. */
  readonly serverVersion: string;
  /** See StreamServerOptions. */
  rulesSeenAt(): number | undefined;
  readonly failedSignIns: FailedSignIns;
}

export interface Dashboard {
  /** Of the plain listener on 127.0.0.1. */
  readonly port: number;
  stop(): void;
}

const thisMachine = '127.0.0.1';

/** Resolves when the dashboard can be opened. Rejects when its port is taken. */
export async function startDashboard(parts: DashboardParts): Promise<Dashboard> {
  const { config, credentials, http, client, clock, log } = parts;
  const accounts = new Accounts(client);
  const onError = (error: unknown) => log.error({ err: error }, 'the sessions of the dashboard cannot be written');
  const sessions = new Sessions({ client, clock, onError });
  await sessions.load();
  const signIn = new SignIn({
    accounts,
    sessions,
    clock,
    code: new FirstRunCode(config.dataDir),
    throttle: new Throttle(clock),
    onFailure(attempt) {
      log.warn(attempt, 'a wrong password or code at the dashboard');
      const { account, address } = attempt;
      accounts.administrator().then(
        (known) => known?.name === account && parts.failedSignIns.note(account, address),
        (error: unknown) => log.error({ err: error }, 'the account of the dashboard cannot be read'),
      );
    },
  });
  await signIn.needsSetup();
  let streams: Promise<StreamServer> | undefined;
  const openStreams = async () => {
    const { StreamServer } = await import('./stream/stream-server.ts');
    return new StreamServer({ http, sessions, rulesSeenAt: parts.rulesSeenAt });
  };
  const door = new FrontDoor({
    names: ownNames(hostname(), credentials.tls.cert),
    auth: { signIn, accounts, sessions, serverVersion: parts.serverVersion },
    passThrough: new PassThrough({ http, accounts, sessions }),
    files: new PageFiles(config.dashboardDir),
    means: clusterMeans(dnsAddressOf(config.serviceClusterIpRange)),
    log,
    streams: () => (streams ??= openStreams()),
  });
  const local = localListener(door);
  await listen(local, config.dashboardPort, thisMachine);
  const { port } = local.address() as { port: number };
  const outside = await openToOthers(tlsListener(door, credentials.tls), port, parts);
  return {
    port,
    stop() {
      void streams?.then((server) => server.stop());
      for (const listener of [local, ...outside] as HttpListener[]) {
        listener.close();
        listener.closeIdleConnections();
      }
    },
  };
}

/** The addresses that others reach: none when the API is for this machine alone. */
async function openToOthers(listener: Server, port: number, { config, log }: DashboardParts): Promise<Server[]> {
  const isAny = config.bindAddress === '0.0.0.0' || config.bindAddress === '::';
  const address = isAny ? config.advertiseAddress : config.bindAddress;
  if (address === '::1' || address.startsWith('127.')) return [];
  try {
    await listen(listener, port, address);
    return [listener];
  } catch (error) {
    // Behind a translated address the machine does not have the one it is known by.
    log.warn({ err: error, address, port }, 'the dashboard is open to this machine only');
    return [];
  }
}

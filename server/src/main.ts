/** Read config, build, listen, stop on signal. No logic. */
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { systemClock } from '@naru/api/clock';
import { pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { buildServer } from './build-server.ts';
import { readConfig, readCredentials } from './config.ts';
import { startControllers } from './controllers/index.ts';
import { QueueRegister } from './controllers/runtime/queue-register.ts';
import { FailedSignIns } from './dashboard/identity/failed-sign-ins.ts';
import { nodeVolumes } from './http/proxy/node-volumes.ts';
import { readLogEnd } from './http/proxy/read-log.ts';
import { gitVersion } from './http/pages/version.ts';
import { servedResources } from './served-resources.ts';
import { openJournalStore } from './store/journal/journal-store.ts';
import { isStoreDamaged } from './store/journal/store-damaged.ts';
import { MemoryStore } from './store/memory-store.ts';

const config = readConfig(process.argv.slice(2));
const log = pino({ level: config.logLevel });

const openStore = () =>
  config.store === 'memory'
    ? Promise.resolve(new MemoryStore())
    : openJournalStore({
        directory: path.join(config.dataDir, 'store'),
        log: log.child({ component: 'store' }),
        onFailed(error) {
          log.fatal({ err: error }, 'the outcome of a write is unknown');
          process.exit(1);
        },
      });
const store = await openStore().catch((error: unknown) => {
  if (!isStoreDamaged(error)) throw error;
  // What to do stands in the message; a stack would only hide it.
  log.fatal(error.message);
  process.exit(1);
});
const credentials = await readCredentials(config.dataDir);
const server = await buildServer({
  config,
  credentials,
  store,
  clock: systemClock,
  log,
  naruVersion: manifest.version,
});
server.measured.start();
server.listener.listen(config.port, config.bindAddress, () => log.info({ port: config.port }, 'listening'));

/** Asks the alert rules when they last knew everything; they say how once they have begun. */
let rulesSeenAt = (): number | undefined => undefined;

const failedSignIns = new FailedSignIns(systemClock);
const controllers = new AbortController();
const queues = new QueueRegister();
server.metrics.add(() => queues.metrics());
startControllers({
  clientFor: (user) => server.clientFor(user),
  clock: systemClock,
  log,
  signal: controllers.signal,
  queues,
  config: {
    catalog: servedResources(server.api),
    clusterAuthority: credentials.tls.ca.toString(),
    podCidr: config.podCidr,
    reservedPorts: [config.port, config.dashboardPort],
    hostName: hostname(),
    secretToken: (subject) => server.secretTokens.issue(subject),
    nodeVolumes: nodeVolumes(server.http),
  },
  signing: {
    authority: async () => ({
      certificate: credentials.tls.ca.toString(),
      key: await readFile(path.join(config.dataDir, 'pki', 'ca.key'), 'utf8'),
    }),
    mayCreate: (user, subresource) =>
      server.api.authorizer({
        ...{ user, verb: 'create', group: 'certificates.k8s.io', version: 'v1' },
        ...{ resource: 'certificatesigningrequests', subresource, namespace: '', name: '' },
      }).opinion === 'allow',
  },
  alerts: {
    figures: server.measured.machines,
    signIns: failedSignIns,
    readLog: (end, signal) => readLogEnd(end, server.http, signal),
    onStart(seenAt) {
      rulesSeenAt = seenAt;
    },
  },
});

const openDashboard = async () => {
  const { startDashboard } = await import('./dashboard/dashboard.ts');
  return startDashboard({
    config,
    credentials,
    http: server.http,
    client: server.clientFor('system:serviceaccount:kube-system:naru-dashboard'),
    clock: systemClock,
    log: log.child({ component: 'dashboard' }),
    serverVersion: gitVersion(manifest.version),
    rulesSeenAt: () => rulesSeenAt(),
    failedSignIns,
  });
};
// The API serves programs too: it goes on when the dashboard's port is taken.
const dashboard = config.dashboardPort
  ? await openDashboard().catch((error: unknown) => log.error({ err: error }, 'the dashboard cannot be opened'))
  : undefined;

let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  controllers.abort();
  dashboard?.stop();
  await server.stop();
  process.exit(0);
};
process.once('SIGTERM', () => void stop());
process.once('SIGINT', () => void stop());

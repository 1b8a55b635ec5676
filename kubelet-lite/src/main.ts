/** Read config, build, stop on signal. No logic. */
import { HttpClient } from '@naru/api/client/http-client';
import { systemClock } from '@naru/api/clock';
import { pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { readConfig, readCredentials } from './config.ts';

const config = readConfig(process.argv.slice(2));
const log = pino({ level: config.logLevel });
if (config.teardown) {
  const { tearDown } = await import('./teardown.ts');
  await tearDown(config);
  process.exit(0);
}

const credentials = await readCredentials(config);
const client = new HttpClient(credentials.connection);
const kubeletVersion = `v1.36.3+naru.${manifest.version}`;
const parts = { config, credentials, client, clock: systemClock, log, kubeletVersion };
// Only what is used is loaded: an engine's library for real nodes, none for those that run nothing.
const build =
  config.runtime === 'fake'
    ? (await import('./build-fleet.ts')).buildFleet
    : (await import('./build-agent.ts')).buildAgent;

// The clock's timers keep no process alive, and while the agent waits for its server there is nothing else.
setInterval(() => {}, 2 ** 30);
// Nothing of it is there to end until it is built.
let end = (): Promise<void> => Promise.resolve();
let stopping = false;
const stop = async () => {
  if (stopping) return;
  stopping = true;
  await end();
  process.exit(0);
};
// Never taken off: a signal that came just before its listener went would be lost.
process.on('SIGTERM', () => void stop()).on('SIGINT', () => void stop());
const agent = await build(parts);
end = () => agent.stop();

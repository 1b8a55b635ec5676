/** `npm run bench [ROW …]`: measures on the fake runtime, and on Docker what needs containers; prints the table of docs/reference/performance.md. Needs wrk (apt-get install wrk). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlFor, type Kubectl } from '../harness/kubectl.ts';
import { programsOf } from '../harness/processes.ts';
import { startNaru } from '../harness/running-naru.ts';
import { targetOf } from '../harness/target.ts';
import { measureOnDocker, rowsOnDocker } from './on-docker.ts';
import { inWords, tableHead, type Row } from './row.ts';
import { createConfigMap } from './rows/create.ts';
import { getConfigMap } from './rows/get.ts';
import { manyNodes } from './rows/nodes.ts';
import { tenThousandPods } from './rows/pods.ts';
import { resting } from './rows/resting.ts';
import { scheduling } from './rows/scheduling.ts';
import { startAndRest } from './rows/start.ts';
import { startWithObjects } from './rows/stored.ts';
import { watching } from './rows/watch.ts';

const rows: readonly Row[] = [
  startAndRest,
  startWithObjects,
  resting,
  getConfigMap,
  createConfigMap,
  watching,
  tenThousandPods,
  scheduling,
  manyNodes,
];
const repository = join(import.meta.dirname, '../../..');

// Each row has a cluster of its own, so that none is slowed by what another left.
async function measure(row: Row): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'naru-bench-'));
  const dataDirectory = join(directory, 'data');
  const flags = ['--runtime', 'fake', '--nodes', String(row.nodes ?? 1)];
  const startedAt = performance.now();
  const naru = await startNaru({ repository, dataDirectory, flags });
  const server = async () => {
    const [id] = await programsOf(dataDirectory, 'server');
    if (id === undefined) throw new Error('no server runs');
    return id;
  };
  try {
    const token = await administratorToken(await kubectlFor('1.36', naru.kubeconfig, 'default'));
    const context = { repository, directory, naru, target: targetOf(naru.kubeconfig), token, server, startedAt };
    for (const result of await row.measure(context)) process.stdout.write(`${inWords(result)}\n`);
  } finally {
    await naru.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function measureThoseOnDocker(names: readonly string[]): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'naru-bench-'));
  try {
    process.stdout.write(await measureOnDocker(repository, directory, names));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** wrk knows no client certificates. */
async function administratorToken(kubectl: Kubectl): Promise<string> {
  const rights = ['--clusterrole=cluster-admin', '--serviceaccount=default:default'];
  const kinds = await kubectl(['api-resources', '-o', 'name']);
  if (kinds.includes('clusterrolebindings')) await kubectl(['create', 'clusterrolebinding', 'bench', ...rights]);
  return (await kubectl(['create', 'token', 'default', '--duration', '1h'])).trim();
}

const asked = process.argv.slice(2);
const isAsked = (name: string) => !asked.length || asked.includes(name);
const known = [...rows.map(({ name }) => name), ...rowsOnDocker];
const unknown = asked.filter((name) => !known.includes(name));
if (unknown.length) {
  process.stderr.write(`no such row: ${unknown.join(', ')}; there are ${known.join(', ')}\n`);
  process.exit(2);
}
process.stdout.write(`${tableHead}\n`);
for (const row of rows.filter(({ name }) => isAsked(name))) await measure(row);
const onDocker = rowsOnDocker.filter(isAsked);
if (onDocker.length) await measureThoseOnDocker(onDocker);
process.exit(0); // kept-alive connections would hold the process

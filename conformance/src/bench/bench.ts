/** `npm run bench [ROW …]`: measures on the fake runtime, and the service network on Docker; prints the table of docs/reference/performance.md. Needs wrk (apt-get install wrk). */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { kubectlFor } from '../harness/kubectl.ts';
import { startNaru } from '../harness/running-naru.ts';
import { targetOf } from '../harness/target.ts';
import { measureOnDocker } from './on-docker.ts';
import { inWords, tableHead, type Row } from './row.ts';
import { createConfigMap } from './rows/create.ts';
import { getConfigMap } from './rows/get.ts';
import { tenThousandPods } from './rows/pods.ts';
import { scheduling } from './rows/scheduling.ts';
import { startAndRest } from './rows/start.ts';
import { watching } from './rows/watch.ts';

const rows: readonly Row[] = [startAndRest, getConfigMap, createConfigMap, watching, tenThousandPods, scheduling];
const repository = join(import.meta.dirname, '../../..');

// Each row has a cluster of its own, so that none is slowed by what another left.
async function measure(row: Row): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'naru-bench-'));
  const flags = ['--runtime', 'fake', '--nodes', String(row.nodes ?? 1)];
  const naru = await startNaru({ repository, dataDirectory: join(directory, 'data'), flags });
  try {
    const kubectl = await kubectlFor('1.36', naru.kubeconfig, 'default');
    const token = (await kubectl(['create', 'token', 'default'])).trim();
    for (const result of await row.measure({ repository, directory, naru, target: targetOf(naru.kubeconfig), token })) {
      process.stdout.write(`${inWords(result)}\n`);
    }
  } finally {
    await naru.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The one row that needs containers. */
async function measureServiceNetwork(): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'naru-bench-'));
  try {
    process.stdout.write(await measureOnDocker(repository, directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const asked = process.argv.slice(2);
process.stdout.write(`${tableHead}\n`);
for (const row of rows.filter(({ name }) => !asked.length || asked.includes(name))) await measure(row);
if (!asked.length || asked.includes('service-network')) await measureServiceNetwork();
process.exit(0); // kept-alive connections would hold the process

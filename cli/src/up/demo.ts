/** `naru up --demo`: builds the demo's image, applies manifests/examples and waits until the page answers. */
import { readdirSync, readFileSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { apiRequest } from './api-request.ts';
import { UsageError } from './options.ts';
import type { Progress } from './progress.ts';
import { runCommand } from './run-command.ts';

export interface DemoRequest {
  dataDirectory: string;
  port: number;
  dockerSocket: string;
  repository: string;
  now: () => number;
  progress: Progress;
}

const address = 'http://127.0.0.1:30080/cgi-bin/index.cgi';

/** Returns where the page answers. Throws UsageError when it does not within two minutes. */
export async function runDemo(given: DemoRequest): Promise<string> {
  await given.progress.step('building the image of the demo', () => buildImage(given));
  await given.progress.step('applying manifests/examples', () => applyExamples(given));
  await given.progress.step('waiting for the page', () => waitForPage(given.now));
  return address;
}

async function buildImage({ repository, dockerSocket }: DemoRequest): Promise<void> {
  const env = { ...process.env, DOCKER_HOST: `unix://${dockerSocket}` };
  const { code, output } = await runCommand('sh', [join(repository, 'conformance/images/build'), 'hello'], { env });
  if (code !== 0) throw new UsageError(`building the demo's image failed:\n${output.slice(-1000)}`);
}

interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: { name: string };
}

async function applyExamples({ repository, dataDirectory, port }: DemoRequest): Promise<void> {
  const folder = join(repository, 'manifests/examples');
  for (const file of readdirSync(folder).sort()) {
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
      const manifest = document.toJS() as Manifest;
      const { status, body } = await apiRequest({
        ...{ dataDirectory, port },
        method: 'PATCH',
        path: `${collectionOf(manifest)}/${manifest.metadata.name}?fieldManager=naru-demo&force=true`,
        contentType: 'application/apply-patch+yaml',
        body: JSON.stringify(manifest),
      });
      if (status >= 300) throw new UsageError(`${file}: ${body}`);
    }
  }
}

// The examples hold only kinds whose plural is regular, in the default namespace; a test applies each of them.
function collectionOf({ apiVersion, kind }: Manifest): string {
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${root}/namespaces/default/${kind.toLowerCase()}s`;
}

async function waitForPage(now: () => number): Promise<void> {
  const deadline = now() + 120_000;
  while (!(await answers())) {
    if (now() > deadline)
      throw new UsageError(
        `nothing answers on ${address} after two minutes; see kubectl get pods, kubectl describe pods`,
      );
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function answers(): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get(address, { timeout: 2000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}

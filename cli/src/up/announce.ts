/** `naru up`, last step: waits for the API, puts the kubeconfig in place, runs the demo if asked, and says where everything is. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardAnswers, describeDashboard, readDashboardAddress } from '../dashboard/dashboard-address.ts';
import { isBuilt, pageDirectory } from '../dashboard/page-build.ts';
import { writePrivateFile } from '../pki/private-files.ts';
import { apiRequest } from './api-request.ts';
import { runDemo } from './demo.ts';
import { UsageError } from './options.ts';
import type { Progress } from './progress.ts';

export interface AnnounceRequest {
  dataDirectory: string;
  port: number;
  demo: boolean;
  dockerSocket: string;
  repository: string;
  now: () => number;
  progress: Progress;
}

/** Throws UsageError with the end of the server's log when it does not come up. */
export async function announce(given: AnnounceRequest): Promise<void> {
  const { dataDirectory, port, progress } = given;
  await waitUntilReady(given);
  const kubeconfig = join(dataDirectory, 'admin.kubeconfig');
  writePrivateFile(kubeconfig, readFileSync(join(dataDirectory, 'run/admin.kubeconfig'), 'utf8'));
  const demoAddress = given.demo ? await runDemo(given) : undefined;
  progress.say(
    [
      '',
      `  Naru is up.`,
      `  API          https://127.0.0.1:${port}`,
      `  kubeconfig   ${kubeconfig}`,
      ...(await dashboardLines(given)),
      ...(demoAddress ? [`  demo         ${demoAddress}`] : []),
      `  try          kubectl --kubeconfig ${kubeconfig} get nodes,pods -A`,
      `  Ctrl-C stops Naru and leaves the containers running; ./naru down stops those too.`,
      '',
    ].join('\n'),
  );
}

// The API is the one to wait for; a dashboard that cannot be opened is told, and is no reason to stop.
async function dashboardLines({ dataDirectory, repository, now }: AnnounceRequest): Promise<string[]> {
  const dashboard = readDashboardAddress(dataDirectory);
  if (!dashboard) return [];
  const deadline = now() + 10_000;
  while (!(await dashboardAnswers(dashboard))) {
    if (now() > deadline) return [`  dashboard    does not answer; see ${join(dataDirectory, 'logs/server.log')}`];
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  const waiting = isBuilt(pageDirectory(repository))
    ? []
    : ['               (its page is being built; it opens by itself)'];
  return [...describeDashboard(dataDirectory, dashboard), ...waiting];
}

async function waitUntilReady({ dataDirectory, port, now }: AnnounceRequest): Promise<void> {
  const deadline = now() + 60_000;
  for (;;) {
    const answer = await apiRequest({ dataDirectory, port, path: '/readyz' }).catch(() => undefined);
    if (answer?.status === 200) return;
    const exit = join(dataDirectory, 'run/server.exit');
    if (existsSync(exit))
      throw new UsageError(
        `the server ended with code ${readFileSync(exit, 'utf8').trim()}:\n${logTail(dataDirectory)}`,
      );
    if (now() > deadline) throw new UsageError(`the API was not ready within a minute:\n${logTail(dataDirectory)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function logTail(dataDirectory: string): string {
  const path = join(dataDirectory, 'logs/server.log');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return `${text.trimEnd().split('\n').slice(-10).map(messageOf).join('\n')}\n(whole log: ${path})`;
}

/** Of a structured line what a person reads; of any other the line. */
function messageOf(line: string): string {
  if (!line.startsWith('{')) return line;
  try {
    return (JSON.parse(line) as { msg?: string }).msg ?? line;
  } catch {
    return line;
  }
}

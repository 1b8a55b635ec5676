/** `naru status`: whether Naru runs on a data directory and whether its API answers. */
import { existsSync } from 'node:fs';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { dashboardAnswers, describeDashboard, readDashboardAddress } from '../dashboard/dashboard-address.ts';
import { apiRequest } from '../up/api-request.ts';
import { UsageError } from '../up/options.ts';
import type { Progress } from '../up/progress.ts';
import { runningLauncher } from './run-state.ts';

export async function showStatus({
  dataDirectory,
  progress,
}: {
  dataDirectory: string;
  progress: Progress;
}): Promise<void> {
  const id = runningLauncher(dataDirectory);
  if (!id) throw new UsageError(`nothing runs on ${dataDirectory}`);
  const port = portOf(dataDirectory);
  const answer = await apiRequest({ dataDirectory, port, path: '/readyz' }).catch((error: Error) => ({
    status: 0,
    body: error.message,
  }));
  progress.say(
    `naru up runs on ${dataDirectory} (process ${id}); https://127.0.0.1:${port}/readyz says ${answer.body || answer.status}`,
  );
  const dashboard = readDashboardAddress(dataDirectory);
  if (dashboard && (await dashboardAnswers(dashboard)))
    for (const line of describeDashboard(dataDirectory, dashboard)) progress.say(line);
  else if (dashboard) progress.say(`  dashboard    does not answer on http://127.0.0.1:${dashboard.port}`);
  if (answer.status !== 200) throw new UsageError('the API is not ready');
}

/** The port of the API, read from the kubeconfig. */
export function portOf(dataDirectory: string): number {
  const path = join(dataDirectory, 'run/admin.kubeconfig');
  const port = existsSync(path) ? /server: https:\/\/[^:]+:(\d{1,5})/.exec(readFileSync(path, 'utf8'))?.[1] : undefined;
  if (!port) throw new UsageError(`${dataDirectory} holds no cluster`);
  return Number(port);
}

/** `naru down`: ends server and agent, then removes what this cluster made on the host, and nothing else. Its data stay. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../up/options.ts';
import type { Progress } from '../up/progress.ts';
import { runCommand } from '../up/run-command.ts';
import { runningLauncher } from './run-state.ts';

export async function down({
  dataDirectory,
  progress,
  now,
}: {
  dataDirectory: string;
  progress: Progress;
  now: () => number;
}): Promise<void> {
  if (!existsSync(join(dataDirectory, 'cluster-id'))) throw new UsageError(`${dataDirectory} holds no cluster`);
  await endLauncher(dataDirectory, progress, now);
  await progress.step("removing this cluster's containers, interfaces, routes and rules", () =>
    teardown(dataDirectory),
  );
}

async function endLauncher(dataDirectory: string, progress: Progress, now: () => number): Promise<void> {
  const id = runningLauncher(dataDirectory);
  if (!id) return;
  await progress.step('stopping server and agent', async () => {
    process.kill(id, 'SIGTERM');
    const deadline = now() + 60_000;
    while (runningLauncher(dataDirectory)) {
      if (now() > deadline) throw new UsageError(`process ${id} did not end within a minute`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
}

// The agent knows what it made on this host, so it removes it too.
async function teardown(dataDirectory: string): Promise<void> {
  const programs = join(dataDirectory, 'programs');
  const built = existsSync(programs) ? readdirSync(programs)[0] : undefined;
  if (!built) return;
  const plan = join(dataDirectory, 'run/agent.json');
  const flags = existsSync(plan) ? (JSON.parse(readFileSync(plan, 'utf8')) as string[]) : [];
  const { code, output } = await runCommand(process.execPath, [
    join(programs, built, 'kubelet-lite.mjs'),
    ...flags,
    '--teardown',
  ]);
  if (code !== 0) throw new UsageError(`removing failed:\n${output.trim()}`);
}

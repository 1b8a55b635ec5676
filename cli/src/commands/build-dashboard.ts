/** `naru build-dashboard`: what `up` runs in the background; leaves a mark when it fails, which the server shows. */
import { writeFileSync } from 'node:fs';
import { BuildEnded, buildPage, failureMark, pageDirectory } from '../dashboard/page-build.ts';
import type { Progress } from '../up/progress.ts';

/** Throws UsageError when the page cannot be built. */
export async function buildDashboard({
  repository,
  progress,
}: {
  repository: string;
  progress: Progress;
}): Promise<void> {
  try {
    const directory = await buildPage(repository);
    progress.say(`the dashboard is built: ${directory}`);
  } catch (error) {
    if (!(error instanceof BuildEnded)) writeFileSync(failureMark(pageDirectory(repository)), `${String(error)}\n`);
    throw error;
  }
}

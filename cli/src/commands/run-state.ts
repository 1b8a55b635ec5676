/** What a data directory tells of a running `naru up`. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Process id of the launcher that runs on this directory, if it is alive. */
export function runningLauncher(dataDirectory: string): number | undefined {
  const path = join(dataDirectory, 'run/up.pid');
  if (!existsSync(path)) return undefined;
  const id = Number(readFileSync(path, 'utf8'));
  return isLauncher(id) ? id : undefined;
}

// The file may outlive its process and the number be another program's by now, which must not be ended.
function isLauncher(id: number): boolean {
  const path = `/proc/${id}/cmdline`;
  return Number.isInteger(id) && id > 1 && existsSync(path) && readFileSync(path, 'utf8').includes('scripts/up');
}

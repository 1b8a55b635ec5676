/** The dashboard's built page: which build belongs to the sources as they are, and how it is made. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../up/options.ts';
import { compressFiles } from './compress-files.ts';
import { runEndable } from './run-endable.ts';

/** Builds that stay beside the newest: a server that was started from older sources still serves them. */
const olderKept = 2;
const builds = 'dashboard/dist';

/** Where the page of these sources lies once it is built. */
export const pageDirectory = (repository: string): string => join(repository, builds, `page-${digestOf(repository)}`);

export const isBuilt = (directory: string): boolean => existsSync(join(directory, 'index.html'));

/** What the server looks for, to say so instead of promising a page. */
export const failureMark = (directory: string): string => `${directory}.failed`;

/** Nobody waits for the page any more; that says nothing about whether it can be built. */
export class BuildEnded extends UsageError {}

/** Builds into a draft and puts it in place whole. Throws UsageError with the compiler's words. */
export async function buildPage(repository: string): Promise<string> {
  const directory = pageDirectory(repository);
  if (isBuilt(directory)) return directory;
  rmSync(failureMark(directory), { force: true });
  const draft = `${directory}.${process.pid}`;
  try {
    const ng = join(repository, 'node_modules/@angular/cli/bin/ng.js');
    const args = [ng, 'build', '--output-path', draft, '--progress', 'false'];
    const env = { ...process.env, NG_CLI_ANALYTICS: 'false' };
    const { code, output, isEnded } = await runEndable(process.execPath, args, {
      cwd: join(repository, 'dashboard'),
      env,
    });
    if (isEnded) throw new BuildEnded('the build was ended before it was done');
    if (code !== 0) throw new UsageError(`the dashboard cannot be built:\n${output.trim()}`);
    await compressFiles(join(draft, 'browser'));
    if (!isBuilt(directory)) renameSync(join(draft, 'browser'), directory);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  removeOldest(join(repository, builds), directory);
  return directory;
}

function removeOldest(root: string, newest: string): void {
  const others = readdirSync(root)
    .filter((name) => /^page-[0-9a-f]{16}$/.test(name))
    .map((name) => join(root, name))
    .filter((path) => path !== newest)
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of others.slice(olderKept)) rmSync(path, { recursive: true, force: true });
}

// By content: the build takes so long that a checkout which only touches times must not cause one.
function digestOf(repository: string): string {
  const hash = createHash('sha256');
  const add = (path: string) => hash.update(path).update(readFileSync(join(repository, path)));
  const visit = (path: string) => {
    for (const entry of readdirSync(join(repository, path), { withFileTypes: true }).sort((a, b) =>
      a.name < b.name ? -1 : 1,
    )) {
      const child = join(path, entry.name);
      if (entry.isDirectory()) visit(child);
      else if (!entry.name.endsWith('.test.ts')) add(child);
    }
  };
  for (const folder of ['dashboard/src', 'dashboard/public']) visit(folder);
  for (const file of ['angular.json', 'package.json', 'tsconfig.json', 'tsconfig.app.json'])
    add(join('dashboard', file));
  add('package-lock.json');
  return hash.digest('hex').slice(0, 16);
}

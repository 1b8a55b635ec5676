/** A file that a generator makes: written, or with --verify compared. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';

const repository = join(import.meta.dirname, '..');

/** `path` is relative to the repository. With --verify among the flags, a difference makes the process exit with 1. */
export async function keepCurrent(path: string, source: string, flags = process.argv): Promise<void> {
  const file = join(repository, path);
  const formatted = await format(source, { ...(await resolveConfig(file)), filepath: file });
  if (!flags.includes('--verify')) writeFileSync(file, formatted);
  else if (!existsSync(file) || readFileSync(file, 'utf8') !== formatted) {
    process.stderr.write(`${path} is out of date\n`);
    process.exitCode = 1;
  }
}

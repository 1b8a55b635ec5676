/** Files that only their owner may read, written whole or not at all. */
import { randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UsageError } from '../up/usage-error.ts';

/** Makes the directory, and its parents, readable by the owner only. */
export function makePrivateDirectory(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

/** Replaces `path` by `text` with mode 0600. */
export function writePrivateFile(path: string, text: string): void {
  makePrivateDirectory(dirname(path));
  const temporary = join(dirname(path), `.${randomBytes(6).toString('hex')}`);
  writeFileSync(temporary, text, { mode: 0o600, flag: 'wx' });
  chmodSync(temporary, 0o600);
  renameSync(temporary, path);
}

/** The text of `path`, or what `make` gives, kept there from now on. */
export async function readOrMake(path: string, make: () => string | Promise<string>): Promise<string> {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const text = await make();
  writePrivateFile(path, text);
  return text;
}

/** Throws UsageError, naming the file, when others than the owner can read it. */
export function assertPrivate(path: string): void {
  const mode = statSync(path).mode & 0o777;
  if (mode & 0o077) {
    throw new UsageError(
      `${path} can be read by others (mode ${mode.toString(8)}): chmod ${statSync(path).isDirectory() ? '700' : '600'} ${path}`,
    );
  }
}

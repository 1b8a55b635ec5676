/** Writes a set of files so that a reader sees all of the old ones or all of the new ones. */
// Like pkg/volume/util.AtomicWriter: `..data` is a link to a directory of this moment; what the user sees are links
// through it, and one rename turns them all.
import {
  chmod,
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  readlink,
  rename,
  rm,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface ProjectedFile {
  content: Buffer;
  /** Permission bits. */
  mode: number;
  /** Owner; absent: root. */
  uid?: number;
}

/** Relative path → file. */
export type ProjectedFiles = ReadonlyMap<string, ProjectedFile>;

const dataLink = '..data';
const newDataLink = '..data_tmp';

/** Makes `directory` show exactly `files`. Answers whether anything changed. `group`: gid of the files; absent: root's. */
export async function writeAtomically(directory: string, files: ProjectedFiles, group?: number): Promise<boolean> {
  const current = await readlink(join(directory, dataLink)).catch(() => undefined);
  if (current && (await same(join(directory, current), files))) return false;
  const fresh = await mkdtemp(join(directory, '..version-'));
  await chmod(fresh, 0o755);
  for (const [path, file] of files) await writeOne(join(fresh, path), file, group);
  await rm(join(directory, newDataLink), { force: true });
  await symlink(fresh.slice(directory.length + 1), join(directory, newDataLink));
  await rename(join(directory, newDataLink), join(directory, dataLink));
  await linkVisible(directory, files);
  if (current) await rm(join(directory, current), { recursive: true, force: true });
  return true;
}

async function writeOne(path: string, { content, mode, uid }: ProjectedFile, group: number | undefined) {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(path, content, { mode, flag: 'wx' });
  await chmod(path, mode); // the umask took its part
  if (uid !== undefined || group !== undefined) await chown(path, uid ?? 0, group ?? 0);
}

/** First parts of paths are links into `..data`; those that lead nowhere any more go. */
async function linkVisible(directory: string, files: ProjectedFiles): Promise<void> {
  const visible = new Set([...files.keys()].map((path) => path.split('/')[0] ?? ''));
  for (const name of visible) {
    const there = await lstat(join(directory, name)).catch(() => undefined);
    if (!there) await symlink(join(dataLink, name), join(directory, name));
  }
  for (const name of await readdir(directory))
    if (!name.startsWith('..') && !visible.has(name)) await rm(join(directory, name), { recursive: true, force: true });
}

async function same(directory: string, files: ProjectedFiles): Promise<boolean> {
  const there = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => undefined);
  if (!there) return false;
  if (there.filter((entry) => entry.isFile()).length !== files.size) return false;
  for (const [path, { content, mode }] of files) {
    const [stat, old] = await Promise.all([
      lstat(join(directory, path)).catch(() => undefined),
      readFile(join(directory, path)).catch(() => undefined),
    ]);
    if (!stat || !old || (stat.mode & 0o7777) !== mode || !old.equals(content)) return false;
  }
  return true;
}

/** Gives a volume to the pod's group. */
// Like pkg/volume.SetVolumeOwnership: the group may read and write, directories hand their group on.
import { chmod, lchown, lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const groupReadWrite = 0o660;
const groupSearch = 0o110;
const setGid = 0o2000;

/** `onRootMismatch`: leaves everything as it is when the root of the volume is right already. */
export async function giveToGroup(directory: string, gid: number, { onRootMismatch = false } = {}): Promise<void> {
  if (onRootMismatch) {
    const { gid: owner, mode } = await lstat(directory);
    const wanted = groupReadWrite | groupSearch | setGid;
    if (owner === gid && (mode & wanted) === wanted) return;
  }
  await giveOne(directory, gid);
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true }))
    await giveOne(join(entry.parentPath, entry.name), gid);
}

async function giveOne(path: string, gid: number): Promise<void> {
  const stats = await lstat(path);
  await lchown(path, stats.uid, gid);
  if (stats.isSymbolicLink()) return;
  const bits = stats.isDirectory() ? groupReadWrite | groupSearch | setGid : groupReadWrite;
  await chmod(path, (stats.mode & 0o7777) | bits);
}

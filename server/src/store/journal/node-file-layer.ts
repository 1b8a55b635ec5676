/** The file operations on a real disk. */
import { constants, write } from 'node:fs';
import { chmod, mkdir, open, readdir, rename, unlink, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { lockDirectory } from './directory-lock.ts';
import type { FileLayer, OpenFile } from './file-layer.ts';

const { O_CREAT, O_DSYNC, O_EXCL, O_NOFOLLOW, O_RDWR } = constants;

const opened = (handle: FileHandle): OpenFile => ({
  read: async (into, position) => (await handle.read(into, 0, into.length, position)).bytesRead,
  // By the callback: every write of the API waits for this, and the handle's own way is several promises longer.
  write: (bytes, position) =>
    new Promise((resolve, reject) => {
      write(handle.fd, bytes, 0, bytes.length, position, (error, written) =>
        error ? reject(error) : resolve(written),
      );
    }),
  truncate: (length) => handle.truncate(length),
  sync: () => handle.datasync(),
  size: async () => (await handle.stat()).size,
  close: () => handle.close(),
});

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

export const nodeFileLayer: FileLayer = {
  async claim(directory) {
    const made = await mkdir(directory, { recursive: true, mode: 0o700 });
    if (made) await syncDirectory(dirname(made));
    await chmod(directory, 0o700);
    return lockDirectory(directory);
  },
  list: (directory) => readdir(directory),
  create: async (path, { syncsWrites } = { syncsWrites: false }) =>
    opened(await open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | (syncsWrites ? O_DSYNC : 0), 0o600)),
  open: async (path) => opened(await open(path, O_RDWR | O_NOFOLLOW)),
  rename,
  remove: unlink,
  syncDirectory,
};

/** The few file operations the journal is made of: the seam where tests put a disk that fails, tears and forgets. */

/** Errors of the operating system arrive as they are, with their `code` (ENOSPC, EIO, …). Positions and lengths are bytes. */
export interface OpenFile {
  /** How many bytes were read; 0 at the end. */
  read(into: Uint8Array, position: number): Promise<number>;
  /** How many bytes were written: like write(2), it may be fewer than given. */
  write(bytes: Uint8Array, position: number): Promise<number>;
  truncate(length: number): Promise<void>;
  /** Resolves when content and length are on disk. When it fails, nobody knows what is, and asking again would lie. */
  sync(): Promise<void>;
  size(): Promise<number>;
  close(): Promise<void>;
}

export interface FileLayer {
  /** Makes the directory if needed, private to its owner, and holds it against other processes until the returned function is called. */
  claim(directory: string): Promise<() => Promise<void>>;
  list(directory: string): Promise<string[]>;
  /**
   * A new file with mode 0600; fails with EEXIST rather than follow or reuse anything at `path`.
   * `syncsWrites`: what a write took is on disk when it resolves, as if `sync` had followed; it costs one trip instead of two.
   */
  create(path: string, options?: { syncsWrites: boolean }): Promise<OpenFile>;
  /** An existing file, for reading and writing; a symbolic link is refused. */
  open(path: string): Promise<OpenFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Resolves when creations, renames and removals within the directory are on disk. */
  syncDirectory(directory: string): Promise<void>;
}

/** Writes all of `bytes`; a disk that takes part of them and then nothing counts as full. */
export async function writeFully(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  for (let written = 0; written < bytes.length;) {
    const count = await file.write(bytes.subarray(written), position + written);
    if (count === 0) throw Object.assign(new Error('the disk took no more bytes'), { code: 'ENOSPC' });
    written += count;
  }
}

/** Reads until `into` is full or the file ends; answers how many bytes came. */
export async function readFully(file: OpenFile, into: Uint8Array, position: number): Promise<number> {
  let read = 0;
  while (read < into.length) {
    const count = await file.read(into.subarray(read), position + read);
    if (count === 0) break;
    read += count;
  }
  return read;
}

export async function readWhole(files: FileLayer, path: string): Promise<Buffer> {
  const file = await files.open(path);
  try {
    const bytes = Buffer.allocUnsafeSlow(await file.size());
    return bytes.subarray(0, await readFully(file, bytes, 0));
  } finally {
    await file.close();
  }
}

export const codeOf = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : undefined;

/** True when there is no room: what may pass once some is made. */
export const isDiskFull = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');
export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';

/** A disk in memory for tests: it can lose power after any operation, tear and forget what was not synced, fill up, and fail. */
import type { FileLayer, OpenFile } from './file-layer.ts';

type Edit = { readonly position: number; readonly bytes: Uint8Array } | { readonly length: number };

/** A file whatever its name. `durable` is what the disk has; `content` what reads see. */
interface Inode {
  durable: Buffer;
  content: Buffer;
  unsynced: Edit[];
}

type NameEdit =
  | { readonly link: string; readonly inode: Inode }
  | { readonly unlink: string }
  | { readonly from: string; readonly to: string; readonly inode: Inode };

export type Operation =
  'list' | 'create' | 'open' | 'read' | 'write' | 'truncate' | 'sync' | 'rename' | 'remove' | 'syncDirectory';

/** What becomes of what was not synced when the power goes. `some` decides sector by sector. */
export type Unsynced = 'lost' | 'kept' | { readonly some: () => number };

export class PowerCut extends Error {
  override readonly name = 'PowerCut';
}

const SECTOR_BYTES = 512;
const osError = (code: string, path: string) => Object.assign(new Error(`${code}: ${path}`), { code });

function edited(content: Buffer, edit: Edit): Buffer {
  if ('length' in edit) {
    const cut = Buffer.alloc(edit.length);
    content.copy(cut);
    return cut;
  }
  const { position, bytes } = edit;
  const grown = Buffer.alloc(Math.max(content.length, position + bytes.length));
  content.copy(grown);
  grown.set(bytes, position);
  return grown;
}

/** The write as the parts of it that fall into one sector each. */
function sectorsOf(edit: Edit): Edit[] {
  if ('length' in edit) return [edit];
  const sectors: Edit[] = [];
  for (let at = 0; at < edit.bytes.length;) {
    const position = edit.position + at;
    const end = at + SECTOR_BYTES - (position % SECTOR_BYTES);
    sectors.push({ position, bytes: edit.bytes.subarray(at, end) });
    at = end;
  }
  return sectors;
}

function applyName(names: Map<string, Inode>, edit: NameEdit): void {
  if ('link' in edit) names.set(edit.link, edit.inode);
  else if ('unlink' in edit) names.delete(edit.unlink);
  else {
    names.delete(edit.from);
    names.set(edit.to, edit.inode);
  }
}

function syncingWrites(file: OpenFile): OpenFile {
  return {
    ...file,
    async write(bytes, position) {
      const taken = await file.write(bytes, position);
      await file.sync();
      return taken;
    },
  };
}

export class CrashFileLayer implements FileLayer {
  /** What has been asked of the disk, in order. */
  readonly operations: Operation[] = [];
  /** The power goes at this operation, which is not done. */
  cutAt = Infinity;
  /** Asked before every operation: an error code to fail with, or nothing. */
  fault: (operation: Operation, path: string) => string | undefined = () => undefined;
  /** Awaited before every operation. */
  gate: (operation: Operation, path: string) => Promise<void> | undefined = () => undefined;
  /** Bytes the disk has room for, all files together. */
  capacity = Infinity;
  /** The most that one write takes. */
  longestWrite = Infinity;
  readonly #durable: Map<string, Inode>;
  readonly #names: Map<string, Inode>;
  #unsyncedNames: NameEdit[] = [];

  constructor(files: ReadonlyMap<string, Buffer> = new Map()) {
    const inodes = [...files].map(([name, content]): [string, Inode] => [
      name,
      { durable: content, content, unsynced: [] },
    ]);
    this.#durable = new Map(inodes);
    this.#names = new Map(inodes);
  }

  /** The files as reads see them, by path. */
  contents(): Map<string, Buffer> {
    return new Map([...this.#names].map(([name, { content }]) => [name, Buffer.from(content)]));
  }

  /** The disk as it is found when the power is back. */
  afterPowerCut(unsynced: Unsynced): CrashFileLayer {
    if (unsynced === 'kept') return new CrashFileLayer(this.contents());
    const isKept = () => unsynced !== 'lost' && unsynced.some() < 0.5;
    const names = new Map(this.#durable);
    for (const edit of this.#unsyncedNames) if (isKept()) applyName(names, edit);
    const left = ({ durable, unsynced: edits }: Inode) =>
      edits
        .flatMap(sectorsOf)
        .filter(isKept)
        .reduce<Buffer>((content, edit) => edited(content, edit), durable);
    return new CrashFileLayer(new Map([...names].map(([name, inode]) => [name, left(inode)])));
  }

  async claim(): Promise<() => Promise<void>> {
    return async () => {};
  }

  async list(directory: string): Promise<string[]> {
    await this.#do('list', directory);
    return [...this.#names.keys()]
      .filter((path) => path.startsWith(`${directory}/`))
      .map((path) => path.slice(directory.length + 1));
  }

  async create(path: string, { syncsWrites } = { syncsWrites: false }): Promise<OpenFile> {
    await this.#do('create', path);
    if (this.#names.has(path)) throw osError('EEXIST', path);
    const inode: Inode = { durable: Buffer.alloc(0), content: Buffer.alloc(0), unsynced: [] };
    this.#edit({ link: path, inode });
    const file = this.#handle(inode, path);
    return syncsWrites ? syncingWrites(file) : file;
  }

  async open(path: string): Promise<OpenFile> {
    await this.#do('open', path);
    return this.#handle(this.#inode(path), path);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#do('rename', to);
    this.#edit({ from, to, inode: this.#inode(from) });
  }

  async remove(path: string): Promise<void> {
    await this.#do('remove', path);
    this.#inode(path);
    this.#edit({ unlink: path });
  }

  async syncDirectory(directory: string): Promise<void> {
    const edits = this.#unsyncedNames.length;
    await this.#do('syncDirectory', directory);
    for (const edit of this.#unsyncedNames.splice(0, edits)) applyName(this.#durable, edit);
  }

  #inode(path: string): Inode {
    const inode = this.#names.get(path);
    if (!inode) throw osError('ENOENT', path);
    return inode;
  }

  #edit(edit: NameEdit): void {
    applyName(this.#names, edit);
    this.#unsyncedNames.push(edit);
  }

  async #do(operation: Operation, path: string): Promise<void> {
    if (this.operations.length >= this.cutAt) throw new PowerCut();
    this.operations.push(operation);
    await this.gate(operation, path);
    const code = this.fault(operation, path);
    if (code) throw osError(code, path);
  }

  #handle(inode: Inode, path: string): OpenFile {
    return {
      read: async (into, position) => {
        await this.#do('read', path);
        const part = inode.content.subarray(position, position + into.length);
        into.set(part);
        return part.length;
      },
      write: async (bytes, position) => {
        const taken = Buffer.from(bytes.subarray(0, this.#room(inode, position, bytes.length)));
        this.#change(inode, { position, bytes: taken }, await this.#attempt('write', path));
        if (taken.length === 0) throw osError('ENOSPC', path);
        return taken.length;
      },
      truncate: async (length) => this.#change(inode, { length }, await this.#attempt('truncate', path)),
      sync: async () => {
        const edits = inode.unsynced.length;
        const error = await this.#attempt('sync', path);
        // Like a real disk: after a failed sync the pages count as clean, and the next sync will not bring them either.
        const synced = inode.unsynced.splice(0, edits);
        if (error) throw error;
        inode.durable = synced.reduce<Buffer>(edited, inode.durable);
      },
      size: async () => inode.content.length,
      close: async () => {},
    };
  }

  /** How many of `length` bytes fit. */
  #room(inode: Inode, position: number, length: number): number {
    const used = [...this.#names.values()].reduce((sum, { content }) => sum + content.length, 0);
    const room = Math.max(0, this.capacity - used + inode.content.length - position);
    return Math.min(length, this.longestWrite, room);
  }

  /** The fault of an operation, if any; a power cut is thrown at once. */
  async #attempt(operation: Operation, path: string): Promise<unknown> {
    try {
      await this.#do(operation, path);
      return undefined;
    } catch (error) {
      if (error instanceof PowerCut && operation === 'sync') throw error;
      return error;
    }
  }

  /** A write that the power cut interrupts may reach the disk in part all the same. */
  #change(inode: Inode, edit: Edit, error: unknown): void {
    if (error instanceof PowerCut) inode.unsynced.push(edit);
    if (error) throw error;
    inode.content = edited(inode.content, edit);
    inode.unsynced.push(edit);
  }
}

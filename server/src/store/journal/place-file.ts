/** Puts a file in its place so that after any crash it is there whole, or what stood there before is. */
// lowdb's own writer renames without a sync, and makes private files readable to all.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { FileLayer, OpenFile } from './file-layer.ts';

/** The file has its new name, but the disk may not have heard of it: either may be there after a power cut. */
export class PlacementUnknown extends Error {
  override readonly name = 'PlacementUnknown';
}

const TEMPORARY = '.new-';

/** Left over when a process dies while placing a file; safe to remove by whoever holds the directory. */
export const isTemporary = (name: string): boolean => name.startsWith(TEMPORARY);

/** When it throws anything but PlacementUnknown, what stood at `name` stands there still. */
export async function placeFile(
  files: FileLayer,
  { directory, name }: { directory: string; name: string },
  write: (file: OpenFile) => Promise<void>,
): Promise<void> {
  const temporary = join(directory, `${TEMPORARY}${randomBytes(8).toString('hex')}`);
  const file = await files.create(temporary);
  try {
    await write(file).finally(() => file.close());
    await files.rename(temporary, join(directory, name));
  } catch (error) {
    await files.remove(temporary).catch(() => {}); // The next start removes it.
    throw error;
  }
  try {
    await files.syncDirectory(directory);
  } catch (error) {
    throw new PlacementUnknown(`syncing the directory of ${name}: ${String(error)}`, { cause: error });
  }
}

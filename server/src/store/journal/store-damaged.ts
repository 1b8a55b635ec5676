/** What is on disk is not what was written: the store refuses to start rather than start with less. */
export class StoreDamaged extends Error {
  override readonly name = 'StoreDamaged';
  /** The file's name within the store's directory. */
  readonly file: string;
  /** Where in the file, in bytes; undefined when it concerns all of it. */
  readonly offset: number | undefined;

  constructor({ file, offset, why }: { file: string; offset?: number; why: string }) {
    super(
      `${file}${offset === undefined ? '' : ` at byte ${offset}`}: ${why}. ` +
        'Restore a backup, or keep what can be read with "naru repair --accept-data-loss"',
    );
    this.file = file;
    this.offset = offset;
  }
}

/** True for a StoreDamaged, also one made in another realm. */
export const isStoreDamaged = (error: unknown): error is StoreDamaged =>
  error instanceof Error && error.name === 'StoreDamaged' && 'file' in error;

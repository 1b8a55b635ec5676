/** Opens what a path names inside a directory that others may change at the same moment, without ever leaving it. */
// Node has no openat: /proc/self/fd/N names the directory that was opened, wherever its old name leads by now.
import { chmodSync, closeSync, constants, fstatSync, mkdirSync, openSync, realpathSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

// Names a file without opening it: nothing happens to devices and sockets. Node does not list it.
const O_PATH = 0o10000000;
const flags = O_PATH | constants.O_NOFOLLOW;

/** Of a directory: what is made in it belongs to its group. A directory made in such a one has it too. */
const setGid = 0o2000;

const viaDescriptor = (descriptor: number, name: string) => `/proc/self/fd/${descriptor}/${name}`;

const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT';

export interface OpenedPath {
  /** Valid until `close`; `/proc/self/fd/<descriptor>` names it for a bind mount. */
  descriptor: number;
  isDirectory: boolean;
  close(): void;
}

/**
 * Links on the way are followed once, before the walk, and only to targets inside. What is missing is made as
 * directories of `createMode`, when given. Throws when the path leads outside or changes while it is walked.
 */
export function openBeneath(root: string, path: string, { createMode }: { createMode?: number } = {}): OpenedPath {
  const base = realpathSync(root);
  const parts = partsInside(base, path);
  let current = openSync(base, flags | constants.O_DIRECTORY);
  try {
    for (const [index, part] of parts.entries()) {
      const last = index === parts.length - 1;
      const next = openPart(current, part, last, createMode);
      closeSync(current);
      current = next;
      const stat = fstatSync(current);
      if (stat.isSymbolicLink()) throw new Error(`"${part}" became a link`);
      if (!last && !stat.isDirectory()) throw new Error(`"${part}" is not a directory`);
    }
    const descriptor = current;
    return {
      descriptor,
      isDirectory: fstatSync(descriptor).isDirectory(),
      close: () => closeSync(descriptor),
    };
  } catch (error) {
    closeSync(current);
    throw error;
  }
}

function openPart(directory: number, part: string, isLast: boolean, createMode: number | undefined): number {
  const name = viaDescriptor(directory, part);
  try {
    return openSync(name, flags);
  } catch (error) {
    if (!isMissing(error) || createMode === undefined) throw error;
    mkdirSync(name, { mode: createMode });
    const made = openSync(name, flags);
    // Like doSafeMakeDir: what the container is shown is not narrowed by the agent's umask.
    if (isLast) chmodSync(`/proc/self/fd/${made}`, createMode | (fstatSync(made).mode & setGid));
    return made;
  }
}

/** The way from `base` to the path with its links resolved, as far as it exists; the rest as it is written. */
function partsInside(base: string, path: string): string[] {
  const parts = path.split('/').filter((part) => part && part !== '.');
  if (parts.includes('..')) throw new Error('a path inside a volume cannot go up');
  const rest: string[] = [];
  for (;;) {
    try {
      const real = realpathSync(join(base, ...parts));
      const inside = relative(base, real);
      if (inside === '..' || inside.startsWith(`..${sep}`)) throw new Error('the path leads out of the volume');
      return [...inside.split(sep).filter(Boolean), ...rest];
    } catch (error) {
      const last = isMissing(error) ? parts.pop() : undefined;
      if (last === undefined) throw error;
      rest.unshift(last);
    }
  }
}

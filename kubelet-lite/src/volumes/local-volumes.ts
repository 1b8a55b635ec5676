/** Directories that back the volumes of claims. They stay when pods go, when Naru stops, and when it is taken down. */
import { chmod, lstat, mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export interface LocalVolumes {
  /** Resolves with the path, which exists. Throws for a name that cannot be part of a path. */
  make(name: string): Promise<string>;
  /** Removes one with what is in it; one that is not there is no error. Throws for a path that is none of ours. */
  remove(path: string): Promise<void>;
}

const fits = (name: string): boolean => /^[a-z0-9]([-a-z0-9_.]*[a-z0-9])?$/.test(name) && name.length <= 255;

/** Below `<root>/<cluster id>`; `root` is the agent's own. */
export class NodeLocalVolumes implements LocalVolumes {
  readonly #root: string;
  readonly #clusterId: string;

  constructor(root: string, clusterId: string) {
    this.#root = root;
    this.#clusterId = clusterId;
  }

  async make(name: string): Promise<string> {
    if (!fits(name)) throw new Error(`"${name}" cannot name a volume's directory`);
    const path = join(this.#root, this.#clusterId, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await mkdir(path, { recursive: true });
    if (!(await lstat(path)).isDirectory()) throw new Error(`${path} is not a directory`);
    // Whatever user a container runs as is to write here; the way here is closed to everybody else.
    await chmod(path, 0o777);
    return path;
  }

  /** Of other clusters' ids too: a volume can come from a backup. */
  async remove(path: string): Promise<void> {
    const owned = dirname(dirname(path)) === this.#root && join(path) === path;
    if (!owned || !fits(basename(path)) || !fits(basename(dirname(path))))
      throw new Error(`${path} is no volume of this node`);
    await rm(path, { recursive: true, force: true });
  }
}

/** For nodes where nothing really runs: paths that lead nowhere. */
export const fakeLocalVolumes = (root: string): LocalVolumes => ({
  make: (name) => Promise.resolve(join(root, name)),
  remove: () => Promise.resolve(),
});

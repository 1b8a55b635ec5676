/** Where the agent keeps a pod's files on the node. Only UIDs, volume names and container names stand in paths: all three are checked by the API. */
import { join } from 'node:path';

export class NodeDirectories {
  readonly root: string;

  /** `root`: the node's own directory, `<data directory>/nodes/<name>`. */
  constructor(root: string) {
    this.root = root;
  }

  /** Every pod's directory. */
  get pods(): string {
    return join(this.root, 'pods');
  }

  /** A tmpfs: what is here is gone when the machine stops. */
  get volatile(): string {
    return join(this.root, 'volatile');
  }

  pod(uid: string): string {
    return join(this.pods, safe(uid));
  }

  /** emptyDir on disk. */
  emptyDir(uid: string, volume: string): string {
    return join(this.pod(uid), 'empty-dir', safe(volume));
  }

  /** emptyDir in memory; a tmpfs of its own is mounted there. */
  memoryDir(uid: string, volume: string): string {
    return join(this.pod(uid), 'memory-dir', safe(volume));
  }

  /** Files that the API fills. */
  projected(uid: string, volume: string): string {
    return join(this.volatilePod(uid), safe(volume));
  }

  volatilePod(uid: string): string {
    return join(this.volatile, safe(uid));
  }

  /** Where the `index`-th volume mount of a container is bound when it has a subPath. */
  subPath(uid: string, container: string, index: number): string {
    return join(this.subPaths(uid), safe(container), String(index));
  }

  subPaths(uid: string): string {
    return join(this.pod(uid), 'sub-paths');
  }

  /** The file behind terminationMessagePath. */
  terminationMessage(uid: string, container: string, attempt: number): string {
    return join(this.pod(uid), 'containers', safe(container), `${attempt}.message`);
  }
}

/** Throws for a name that would leave its directory; the API lets none through. */
function safe(name: string): string {
  if (!name || name === '.' || name === '..' || name.includes('/') || name.includes('\0'))
    throw new Error(`"${name}" cannot be part of a path`);
  return name;
}

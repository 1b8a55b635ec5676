/** Mounting on the node, through util-linux: arguments as a list, never a shell. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Mounts {
  /** A tmpfs at `target`; `sizeBytes` absent: half of the machine's memory. */
  tmpfs(target: string, options?: { sizeBytes?: number; mode?: string }): Promise<void>;
  /** What `source` names now, also at `target`. */
  bind(source: string, target: string): Promise<void>;
  /** Unmounting what is not mounted succeeds. */
  unmount(target: string): Promise<void>;
  /** Everything mounted at or below `directory`, the deepest first. */
  below(directory: string): Promise<string[]>;
}

export const systemMounts: Mounts = {
  async tmpfs(target, { sizeBytes, mode = '0700' } = {}) {
    const options = [`mode=${mode}`, 'nosuid', 'nodev', ...(sizeBytes ? [`size=${sizeBytes}`] : [])];
    const mount = (all: string[]) => run('mount', ['-t', 'tmpfs', '-o', all.join(','), 'tmpfs', target]);
    // Kernels before 6.4 do not know noswap; secrets are then as safe as the swap space.
    await mount([...options, 'noswap']).catch(() => mount(options));
  },
  async bind(source, target) {
    // Without looking links up by name first: the source may be an open descriptor under /proc.
    await run('mount', ['--no-canonicalize', '--bind', source, target]);
  },
  async unmount(target) {
    try {
      await run('umount', ['--lazy', target]);
    } catch (error) {
      if ((await systemMounts.below(target)).includes(target)) throw error;
    }
  },
  async below(directory) {
    const table = await readFile('/proc/self/mountinfo', 'utf8');
    const targets = table.split('\n').map((line) => unescapeOctal(line.split(' ')[4] ?? ''));
    const inside = targets.filter((target) => target === directory || target.startsWith(`${directory}/`));
    return [...new Set(inside)].sort((a, b) => b.length - a.length);
  },
};

/** The table writes blanks and backslashes as `\040` and the like. */
const unescapeOctal = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));

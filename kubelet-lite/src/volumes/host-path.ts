/** hostPath volumes: what must stand there, and what no pod ever gets to see. */
import { lstat, mkdir, realpath, stat, writeFile } from 'node:fs/promises';
import type { Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { HostPathType } from '../pods/volume.ts';

/** Hides a part of a volume: mounted over it in the container. */
export interface Mask {
  /** Relative to the volume. */
  path: string;
  isDirectory: boolean;
}

export interface HostPath {
  path: string;
  masks: Mask[];
}

export interface HostPathRules {
  /** The engine's socket, the data directory: resolved, absolute. */
  protectedPaths: readonly string[];
}

const kinds: Record<Exclude<HostPathType, '' | 'DirectoryOrCreate' | 'FileOrCreate'>, (stats: Stats) => boolean> = {
  Directory: (stats) => stats.isDirectory(),
  File: (stats) => stats.isFile(),
  Socket: (stats) => stats.isSocket(),
  CharDevice: (stats) => stats.isCharacterDevice(),
  BlockDevice: (stats) => stats.isBlockDevice(),
};
const kindNames = {
  Directory: 'a directory',
  File: 'a file',
  Socket: 'a socket',
  CharDevice: 'a character device',
  BlockDevice: 'a block device',
};

/** Checks and, where the type says so, makes the path. Throws in upstream's words, and for what is protected. */
// Like pkg/volume/hostpath.
export async function prepareHostPath(path: string, type: HostPathType, rules: HostPathRules): Promise<HostPath> {
  const absolute = resolve('/', path);
  await refuseProtected(absolute, rules);
  await checkType(absolute, type);
  // Once more with every link followed, now that it exists.
  const real = await realpath(absolute).catch(() => absolute);
  await refuseProtected(real, rules);
  return { path: real, masks: await masksIn(real, rules) };
}

async function checkType(path: string, type: HostPathType): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  switch (type) {
    case '':
      // Like the engine's own bind mounts, which the kubelet relies on here.
      if (!found) await mkdir(path, { recursive: true, mode: 0o755 });
      return;
    case 'DirectoryOrCreate':
      if (!found) await mkdir(path, { recursive: true, mode: 0o755 });
      else if (!found.isDirectory()) throw failed(path, 'a directory');
      return;
    case 'FileOrCreate':
      if (!found) await writeFile(path, '', { mode: 0o644, flag: 'wx' });
      else if (!found.isFile()) throw failed(path, 'a file');
      return;
    case 'Directory':
    case 'File':
    case 'Socket':
    case 'CharDevice':
    case 'BlockDevice':
      if (!found || !kinds[type](found)) throw failed(path, kindNames[type]);
      return;
    default:
      throw new Error(`unknown hostPath type "${String(type)}"`);
  }
}

const failed = (path: string, what: string) => new Error(`hostPath type check failed: ${path} is not ${what}`);

const isInside = (path: string, directory: string) =>
  path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);

/** What does not exist yet is judged by the nearest directory above it that does. */
async function refuseProtected(path: string, { protectedPaths }: HostPathRules): Promise<void> {
  const real = await nearestReal(path);
  for (const protectedPath of protectedPaths)
    if (isInside(path, protectedPath) || isInside(real, protectedPath))
      throw new Error(`hostPath ${path} is refused: ${protectedPath} is never mounted into a pod`);
}

async function nearestReal(path: string): Promise<string> {
  const missing: string[] = [];
  for (let current = path; ; current = dirname(current)) {
    const real = await realpath(current).catch(() => undefined);
    if (real) return missing.length ? resolve(real, ...missing) : real;
    if (current === '/') return path;
    missing.unshift(current.slice(current.lastIndexOf('/') + 1));
  }
}

/** A directory above something protected may be mounted, with that part hidden. */
async function masksIn(path: string, { protectedPaths }: HostPathRules): Promise<Mask[]> {
  const masks: Mask[] = [];
  for (const protectedPath of protectedPaths) {
    if (!isInside(protectedPath, path)) continue;
    const found = await lstat(protectedPath).catch(() => undefined);
    const relative = protectedPath.slice(path === '/' ? 1 : path.length + 1);
    if (found) masks.push({ path: relative, isDirectory: found.isDirectory() });
  }
  return masks;
}

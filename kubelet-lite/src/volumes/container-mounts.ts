/** A container's volume mounts as bind mounts, subPaths pinned to what they name at this moment. */
import { mkdir, readlink, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import type { ContainerDefinition, VolumeMount } from '../pods/container-definition.ts';
import { expandStrictly, type Lookup } from '../environment/expand.ts';
import type { Mount } from '../runtime/container-runtime.ts';
import type { Mounts } from './mounts.ts';
import type { NodeDirectories } from './node-directories.ts';
import { openBeneath } from './open-beneath.ts';
import type { PreparedVolume } from './prepared-volume.ts';

export interface MountInput {
  uid: string;
  container: ContainerDefinition;
  volumes: ReadonlyMap<string, PreparedVolume>;
  /** The container's variables, for subPathExpr. */
  lookup: Lookup;
  recursiveReadOnlyMounts: boolean;
}

export interface MountTools {
  directories: NodeDirectories;
  mounts: Mounts;
  processId: number;
  /** Hides a directory of a hostPath: empty, and nobody's. */
  emptyDirectory: string;
}

const propagations = { None: undefined, HostToContainer: 'rslave', Bidirectional: 'rshared' } as const;

/** Throws an Error whose message upstream shows as CreateContainerConfigError. */
export async function containerMounts(input: MountInput, tools: MountTools): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [index, mount] of (input.container.volumeMounts ?? []).entries())
    mounts.push(...(await mountOne(mount, index, input, tools)));
  return mounts;
}

async function mountOne(mount: VolumeMount, index: number, input: MountInput, tools: MountTools): Promise<Mount[]> {
  const volume = input.volumes.get(mount.name);
  if (!volume) throw new Error(`cannot find volume "${mount.name}" to mount into container "${input.container.name}"`);
  const subPath = mount.subPathExpr ? expandStrictly(mount.subPathExpr, input.lookup) : (mount.subPath ?? '');
  const source = subPath
    ? await bindSubPath(volume, subPath, { mount, index, input, tools })
    : { hostPath: volume.path, inside: '' };
  const containerPath = mount.mountPath.startsWith('/') ? mount.mountPath : `/${mount.mountPath}`;
  const readOnly = volume.readOnly || (mount.readOnly ?? false);
  const propagation = propagations[mount.mountPropagation ?? 'None'];
  const masks = maskMounts(volume, containerPath, source.inside, tools);
  if (propagation === 'rshared' && masks.length > 0)
    throw new Error(
      `mountPropagation Bidirectional is refused: what hides ${masks[0]?.containerPath} would hide it from the host too`,
    );
  const main: Mount = {
    containerPath,
    hostPath: source.hostPath,
    readOnly,
    ...(propagation && { propagation }),
    ...(readOnly && wantsRecursion(mount, input) && { recursiveReadOnly: true }),
  };
  return [main, ...masks];
}

function wantsRecursion({ recursiveReadOnly }: VolumeMount, { recursiveReadOnlyMounts, container }: MountInput) {
  if (recursiveReadOnly === 'Enabled' && !recursiveReadOnlyMounts)
    throw new Error(`volume mount of container "${container.name}" asks for recursiveReadOnly, which the engine lacks`);
  return recursiveReadOnly && recursiveReadOnly !== 'Disabled' && recursiveReadOnlyMounts;
}

interface SubPathBinding {
  mount: VolumeMount;
  index: number;
  input: MountInput;
  tools: MountTools;
}

interface SubPath {
  hostPath: string;
  /** Where it really lies in the volume. */
  inside: string;
}

/** Binds the sub-path's directory or file to a place of the agent's, so that swapping links later changes nothing. */
async function bindSubPath(
  volume: PreparedVolume,
  subPath: string,
  { mount, index, input, tools }: SubPathBinding,
): Promise<SubPath> {
  const { directories, mounts, processId } = tools;
  if (subPath.startsWith('/') || subPath.split('/').includes('..'))
    throw new Error(`subPath "${subPath}" must be a path inside the volume`);
  const target = directories.subPath(input.uid, input.container.name, index);
  try {
    const createMode = volume.readOnly ? undefined : (await stat(volume.path)).mode & 0o777;
    const opened = openBeneath(volume.path, subPath, createMode === undefined ? {} : { createMode });
    try {
      const inside = relative(volume.path, await readlink(`/proc/self/fd/${opened.descriptor}`));
      if (volume.masks.some(({ path }) => `${inside}/`.startsWith(`${path}/`))) throw new Error('it is never mounted');
      if ((await mounts.below(target)).length > 0) await mounts.unmount(target);
      await rm(target, { recursive: true, force: true });
      await makeTarget(target, opened.isDirectory);
      await mounts.bind(`/proc/${processId}/fd/${opened.descriptor}`, target);
      return { hostPath: target, inside };
    } finally {
      opened.close();
    }
  } catch (error) {
    throw new Error(
      `failed to prepare subPath for volumeMount "${mount.name}" of container "${input.container.name}": ${(error as Error).message}`,
      { cause: error },
    );
  }
}

async function makeTarget(target: string, isDirectory: boolean): Promise<void> {
  await mkdir(isDirectory ? target : dirname(target), { recursive: true, mode: 0o750 });
  if (!isDirectory) await writeFile(target, '', { flag: 'wx' });
}

function maskMounts(volume: PreparedVolume, containerPath: string, inside: string, tools: MountTools): Mount[] {
  const prefix = inside ? `${inside}/` : '';
  return volume.masks
    .filter(({ path }) => path.startsWith(prefix))
    .map(({ path, isDirectory }) => ({
      containerPath: join(containerPath, path.slice(prefix.length)),
      hostPath: isDirectory ? tools.emptyDirectory : '/dev/null',
      readOnly: true,
    }));
}

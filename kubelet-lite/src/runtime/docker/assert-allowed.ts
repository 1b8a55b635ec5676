/** A second look at a create request just before the socket, written without knowing how it was made. */
import { RuntimeError } from '../container-runtime.ts';
import type { CreateOptions } from './create-options.ts';

const topLevel = new Set(
  'Image Labels HostConfig Hostname NetworkDisabled Entrypoint Cmd WorkingDir Env User OpenStdin StdinOnce Tty StopSignal'.split(
    ' ',
  ),
);
const hostConfig = new Set(
  (
    'NetworkMode IpcMode PidMode UTSMode Mounts Privileged ReadonlyRootfs CapAdd CapDrop GroupAdd SecurityOpt ' +
    'OomScoreAdj RestartPolicy AutoRemove LogConfig Sysctls CpuShares CpuPeriod CpuQuota Memory MemorySwap PidsLimit ' +
    'MaskedPaths ReadonlyPaths'
  ).split(' '),
);

/** Throws when the request says anything that no pod may ever make the engine do. `protectedPaths`: never mounted. */
export function assertAllowed(options: CreateOptions, protectedPaths: readonly string[]): void {
  const refuse = (why: string) => {
    throw new RuntimeError('CreateContainerError', `refused to ask the engine for ${why}`);
  };
  for (const key of Object.keys(options)) if (!topLevel.has(key)) refuse(key);
  for (const key of Object.keys(options.HostConfig)) if (!hostConfig.has(key)) refuse(`HostConfig.${key}`);
  for (const { Type, Source } of options.HostConfig.Mounts) {
    if (Type !== 'bind') refuse(`a mount of type ${String(Type)}`);
    if (!Source.startsWith('/') || Source.split('/').includes('..')) refuse(`the path ${Source}`);
    if (protectedPaths.includes(Source)) refuse(`a mount of ${Source}`);
  }
  const { NetworkMode } = options.HostConfig;
  if (!['none', 'host'].includes(NetworkMode) && !/^container:[0-9a-f]{64}$/.test(NetworkMode))
    refuse(`network mode ${NetworkMode}`);
}

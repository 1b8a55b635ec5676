/** Turns what a pod asks for into the engine's create requests: the only place where they are made, and without I/O. */
import type { ContainerResources, ContainerSpec, Mount, SandboxSpec } from '../container-runtime.ts';
import type { CreateOptions, HostConfigOptions, MountOption } from './create-options.ts';
import { containerLabels, sandboxLabels, type Owner } from './labels.ts';
import { sandboxImage } from './names.ts';
import { sandboxProgram } from './sandbox-image.ts';

// Like the kubelet's containerLogMaxSize and containerLogMaxFiles.
const logConfig = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '5' } };

const neverByEngine = { RestartPolicy: { Name: 'no' }, AutoRemove: false } as const;

/** Upstream's pause runs as this user too. */
const nobody = '65535:65535';

export function sandboxOptions(spec: SandboxSpec, owner: Owner): CreateOptions {
  const { hostNetwork, hostIpc, hostPid } = spec;
  return {
    Image: sandboxImage,
    Entrypoint: [sandboxProgram],
    Labels: sandboxLabels(spec, owner),
    User: nobody,
    // With the host's UTS namespace there is no name to set.
    ...(!hostNetwork && spec.hostname && { Hostname: spec.hostname }),
    // A namespace that the engine does not know: told of one, older engines start a process of their own to enter it,
    // which takes two thirds of a sandbox's start.
    ...(!hostNetwork && { NetworkDisabled: true }),
    HostConfig: {
      ...neverByEngine,
      NetworkMode: hostNetwork ? 'host' : 'none',
      UTSMode: hostNetwork ? 'host' : '',
      IpcMode: hostIpc ? 'host' : 'shareable',
      PidMode: hostPid ? 'host' : '',
      Mounts: [],
      Privileged: false,
      ReadonlyRootfs: true,
      CapAdd: [],
      CapDrop: ['ALL'],
      GroupAdd: [],
      SecurityOpt: ['no-new-privileges'],
      OomScoreAdj: spec.oomScoreAdj ?? 0,
      LogConfig: { Type: 'none', Config: {} },
      Sysctls: spec.sysctls,
    },
  };
}

export function containerOptions(spec: ContainerSpec, owner: Owner): CreateOptions {
  const { command, args, security } = spec;
  return {
    Image: spec.image,
    Labels: containerLabels(spec, owner),
    ...(command.length > 0 && { Entrypoint: command }),
    // An entrypoint of ours takes the image's arguments away; alone they are kept.
    ...(args.length > 0 && { Cmd: args }),
    ...(spec.workingDir && { WorkingDir: spec.workingDir }),
    Env: spec.env.map(({ name, value }) => `${name}=${value}`),
    ...(security.user && { User: security.user }),
    OpenStdin: spec.stdin,
    StdinOnce: spec.stdinOnce,
    Tty: spec.tty,
    ...(spec.stopSignal && { StopSignal: spec.stopSignal }),
    HostConfig: { ...namespaceOptions(spec), ...hostOptions(spec), ...resourceOptions(spec.resources) },
  };
}

function namespaceOptions({ sandboxId, namespaces }: ContainerSpec) {
  const sandbox = `container:${sandboxId}`;
  const { network, ipc, pid } = namespaces;
  const pidMode = { container: '', sandbox, host: 'host' };
  return {
    NetworkMode: network === 'host' ? 'host' : sandbox,
    UTSMode: network === 'host' ? 'host' : '',
    IpcMode: ipc === 'host' ? 'host' : sandbox,
    PidMode: typeof pid === 'object' ? `container:${pid.containerId}` : pidMode[pid],
  };
}

function hostOptions(spec: ContainerSpec): Omit<HostConfigOptions, keyof ReturnType<typeof namespaceOptions>> {
  const { security } = spec;
  return {
    ...neverByEngine,
    Mounts: spec.mounts.map(mountOption),
    Privileged: security.privileged,
    ReadonlyRootfs: security.readOnlyRootFilesystem,
    CapAdd: security.addCapabilities,
    CapDrop: security.dropCapabilities,
    GroupAdd: security.supplementalGroups.map(String),
    SecurityOpt: securityOptions(security),
    OomScoreAdj: spec.oomScoreAdj,
    LogConfig: logConfig,
    ...(security.unmaskedProc && { MaskedPaths: [], ReadonlyPaths: [] }),
  };
}

function mountOption({ containerPath, hostPath, readOnly, recursiveReadOnly, propagation }: Mount): MountOption {
  const recursion = recursiveReadOnly ? { ReadOnlyForceRecursive: true } : { ReadOnlyNonRecursive: true };
  return {
    Type: 'bind',
    Source: hostPath,
    Target: containerPath,
    ReadOnly: readOnly,
    // Left out, it is private, but for what holds the engine's own directory: there the engine insists on rslave.
    // Newer engines make read-only mounts recursive unless told otherwise; the kubelet does not.
    BindOptions: { ...(propagation && { Propagation: propagation }), ...(readOnly && recursion) },
  };
}

function securityOptions({ seccomp, appArmor, seLinux, allowPrivilegeEscalation }: ContainerSpec['security']) {
  const options: string[] = [];
  if (!allowPrivilegeEscalation) options.push('no-new-privileges');
  if (seccomp === 'Unconfined') options.push('seccomp=unconfined');
  else if (seccomp !== 'RuntimeDefault') options.push(`seccomp=${seccomp.localhost}`);
  if (appArmor === 'Unconfined') options.push('apparmor=unconfined');
  else if (typeof appArmor === 'object') options.push(`apparmor=${appArmor.localhost}`);
  for (const part of ['user', 'role', 'type', 'level'] as const)
    if (seLinux?.[part]) options.push(`label=${part}:${seLinux[part]}`);
  return options;
}

const cpuPeriodMicros = 100_000;

/** The limits, for create and update alike. */
export function resourceOptions({ cpuShares, cpuQuotaMicros, memoryBytes, pidsLimit }: ContainerResources) {
  return {
    ...(cpuShares !== undefined && { CpuShares: cpuShares }),
    ...(cpuQuotaMicros !== undefined && { CpuPeriod: cpuPeriodMicros, CpuQuota: cpuQuotaMicros }),
    // Memory and swap together: a limit without swap, as upstream's default.
    ...(memoryBytes !== undefined && { Memory: memoryBytes, MemorySwap: memoryBytes }),
    ...(pidsLimit !== undefined && { PidsLimit: pidsLimit }),
  };
}

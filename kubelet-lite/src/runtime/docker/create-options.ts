/** The part of the engine's container-create request that the agent ever uses; nothing else of it can be said. */

export interface MountOption {
  Type: 'bind';
  Source: string;
  Target: string;
  ReadOnly: boolean;
  BindOptions: { Propagation?: string; ReadOnlyNonRecursive?: boolean; ReadOnlyForceRecursive?: boolean };
}

export interface HostConfigOptions {
  NetworkMode: string;
  IpcMode: string;
  PidMode: string;
  UTSMode: string;
  Mounts: MountOption[];
  Privileged: boolean;
  ReadonlyRootfs: boolean;
  CapAdd: string[];
  CapDrop: string[];
  GroupAdd: string[];
  SecurityOpt: string[];
  OomScoreAdj: number;
  RestartPolicy: { Name: 'no' };
  AutoRemove: false;
  LogConfig: { Type: string; Config: Record<string, string> };
  Sysctls?: Record<string, string>;
  CpuShares?: number;
  CpuPeriod?: number;
  CpuQuota?: number;
  Memory?: number;
  MemorySwap?: number;
  PidsLimit?: number;
  MaskedPaths?: string[];
  ReadonlyPaths?: string[];
}

export interface CreateOptions {
  Image: string;
  Labels: Record<string, string>;
  HostConfig: HostConfigOptions;
  Hostname?: string;
  NetworkDisabled?: true;
  Entrypoint?: string[];
  Cmd?: string[];
  WorkingDir?: string;
  Env?: string[];
  User?: string;
  OpenStdin?: boolean;
  StdinOnce?: boolean;
  Tty?: boolean;
  StopSignal?: string;
}

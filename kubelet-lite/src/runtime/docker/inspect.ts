/** Turns what the engine says of a container into the agent's words. No I/O. */
import type { Container, ContainerResources, Sandbox } from '../container-runtime.ts';
import { attemptOf, kindOf, label, podOf } from './labels.ts';

/** The part of the engine's inspect answer that is read. */
export interface Inspection {
  Id: string;
  Created: string;
  Image: string;
  Config: { Image: string; Labels: Record<string, string> | null; StopSignal?: string };
  HostConfig: { CpuShares?: number; CpuQuota?: number; Memory?: number };
  State: {
    Status: string;
    Running: boolean;
    OOMKilled: boolean;
    Pid: number;
    ExitCode: number;
    Error: string;
    StartedAt: string;
    FinishedAt: string;
  };
}

/** The exit code upstream reports when a container could not be started. */
export const startErrorExitCode = 128;

// The engine writes the year 1 where nothing happened yet.
const timeOf = (text: string) => (text.startsWith('0001-') ? '' : text);

export function toSandbox({ Id, Created, Config, State }: Inspection): Sandbox {
  const labels = Config.Labels ?? {};
  return {
    id: Id,
    pod: podOf(labels),
    attempt: attemptOf(labels),
    running: State.Running,
    createdAt: Created,
    pid: State.Running ? State.Pid : 0,
    labels,
  };
}

export function toContainer({ Id, Created, Image, Config, State, HostConfig }: Inspection): Container {
  const labels = Config.Labels ?? {};
  const kind = kindOf(labels);
  const state = stateOf(State);
  return {
    id: Id,
    pod: podOf(labels),
    sandboxId: labels[label.sandbox] ?? '',
    name: labels[label.container] ?? '',
    kind: kind === 'sandbox' ? 'container' : kind,
    attempt: attemptOf(labels),
    specHash: labels[label.specHash] ?? '',
    image: Config.Image,
    imageId: Image,
    state,
    exitCode: failedToStart(State) ? startErrorExitCode : State.ExitCode,
    oomKilled: State.OOMKilled,
    error: State.Error,
    createdAt: Created,
    startedAt: timeOf(State.StartedAt),
    finishedAt: timeOf(State.FinishedAt),
    pid: State.Running ? State.Pid : 0,
    labels,
    resources: resourcesOf(HostConfig),
  };
}

/** Zero is the engine's word for no limit. */
function resourcesOf({ CpuShares, CpuQuota, Memory }: Inspection['HostConfig']): ContainerResources {
  return {
    ...(CpuShares && { cpuShares: CpuShares }),
    ...(CpuQuota && { cpuQuotaMicros: CpuQuota }),
    ...(Memory && { memoryBytes: Memory }),
  };
}

/** The engine keeps a container that it could not start as created, with what went wrong. */
function failedToStart({ Status, ExitCode, Error: error }: Inspection['State']): boolean {
  return Status === 'created' && (ExitCode !== 0 || error !== '');
}

function stateOf(state: Inspection['State']): Container['state'] {
  if (failedToStart(state)) return 'exited';
  switch (state.Status) {
    case 'created':
      return 'created';
    case 'running':
    case 'paused':
    case 'restarting':
      return 'running';
    case 'exited':
    case 'dead':
    case 'removing':
      return 'exited';
    default:
      return 'unknown';
  }
}

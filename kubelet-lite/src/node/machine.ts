/** What this machine is: read once, it does not change while the agent runs. */
import { readFileSync } from 'node:fs';
import { arch, availableParallelism, release, totalmem } from 'node:os';

export interface Machine {
  cpus: number;
  memoryBytes: number;
  /** As Go names it: amd64, arm64. */
  architecture: string;
  kernelVersion: string;
  osImage: string;
  machineId: string;
  systemUuid: string;
  bootId: string;
}

export function readMachine(): Machine {
  const text = (path: string) => {
    try {
      return readFileSync(path, 'utf8').trim();
    } catch {
      return ''; // not every machine has every one of these
    }
  };
  const machineId = text('/etc/machine-id');
  return {
    cpus: availableParallelism(),
    memoryBytes: totalmem(),
    architecture: arch() === 'x64' ? 'amd64' : arch(),
    kernelVersion: release(),
    osImage: /^PRETTY_NAME="?([^"\n]*)/m.exec(text('/etc/os-release'))?.[1] ?? '',
    machineId,
    systemUuid: text('/sys/class/dmi/id/product_uuid') || machineId,
    bootId: text('/proc/sys/kernel/random/boot_id'),
  };
}

/** What a fake node claims to be; like KWOK's. */
export const fakeMachine = (real: Machine): Machine => ({ ...real, cpus: 32, memoryBytes: 256 * 2 ** 30 });

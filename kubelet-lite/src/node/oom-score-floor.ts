/** How far processes of this machine can be kept from the kernel's out-of-memory killer. */
import { readFileSync } from 'node:fs';

const sysResource = 24n; // bit of CAP_SYS_RESOURCE

/** Without the capability (in some virtual machines and containers root lacks it) a score can only be raised. */
export function oomScoreFloor(read = (path: string) => readFileSync(path, 'utf8')): number {
  const bounding = /^CapBnd:\s*([0-9a-f]+)$/m.exec(read('/proc/self/status'))?.[1] ?? '0';
  const able = (BigInt(`0x${bounding}`) >> sysResource) & 1n;
  return able ? -1000 : Number(read('/proc/self/oom_score_adj'));
}

/** Whether this machine's kernel enforces AppArmor profiles. */
// Like containerd/pkg/apparmor.HostSupports, as far as the kernel goes.
import { readFileSync } from 'node:fs';

export function hasAppArmor(read = (path: string) => readFileSync(path, 'utf8')): boolean {
  try {
    return read('/sys/module/apparmor/parameters/enabled').startsWith('Y');
  } catch {
    return false; // no such module
  }
}

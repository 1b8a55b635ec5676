/** Kernel settings of the network namespace the agent runs in. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';

const path = (name: string[]) => `/proc/sys/net/${name.join('/')}`;

/** Sets e.g. ['ipv4', 'ip_forward'] unless it has the value. Throws when the kernel refuses. */
export function writeSysctl(name: string[], value: string): void {
  if (readFileSync(path(name), 'utf8').trim() !== value) writeFileSync(path(name), value);
}

/** The same, for settings a kernel may be built without. */
export function tryWriteSysctl(name: string[], value: string): void {
  try {
    writeSysctl(name, value);
  } catch {
    // Without it the kernel does not have the feature that was to be turned off.
  }
}

/** Whether there is an interface of that name. (/sys shows those of the namespace it was mounted in, /proc those of our own.) */
export const interfaceExists = (name: string): boolean => existsSync(path(['ipv4', 'conf', name]));

/** The processes of a `naru up`, found by their command lines. */
import { readdirSync, readFileSync } from 'node:fs';

/** Ids of the server's or the agent's process on this data directory. */
export async function programsOf(dataDirectory: string, program: 'server' | 'kubelet-lite'): Promise<number[]> {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      const words = commandLine(id);
      return (
        words[0]?.endsWith('node') &&
        words.some((word) => word.endsWith(`/${program}.mjs`)) &&
        words.includes(dataDirectory)
      );
    })
    .map(Number);
}

function commandLine(id: string): string[] {
  try {
    return readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
  } catch {
    return []; // it ended between the listing and this
  }
}

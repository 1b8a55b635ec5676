/** Ends connections that policies no longer allow: the kernel lets an established connection go on whatever the rules say by now. */
import type { Flow } from './policy-verdict.ts';
import type { RunCommand } from './run-command.ts';

/** A connection as the kernel tracks it. */
export interface TrackedFlow extends Flow {
  /** Arguments for `conntrack -D` that mean this connection only. */
  selection: string[];
}

const protocols: Record<string, Flow['protocol']> = { tcp: 'TCP', udp: 'UDP', sctp: 'SCTP' };

/** States of a TCP connection that is over; the kernel remembers it for late packets only. */
const over = ['TIME_WAIT', 'CLOSE'];

/** Connections in `conntrack -L` that may still carry something. The first tuple is as the client sent it, the second as the answer comes back. */
export function parseFlows(listing: string): TrackedFlow[] {
  return listing.split('\n').flatMap((line) => {
    const words = line.split(' ');
    const [name = ''] = words;
    if (words.some((word) => over.includes(word))) return [];
    const all = (key: string) =>
      words.flatMap((word) => (word.startsWith(`${key}=`) ? word.slice(key.length + 1) : []));
    const [[from, to], [originalTarget], sourcePorts, [port]] = [all('src'), all('dst'), all('sport'), all('dport')];
    if (!from || !to || !originalTarget) return [];
    const ports = sourcePorts[0] && port ? ['--sport', sourcePorts[0], '--dport', port] : [];
    return [
      {
        ...{ protocol: protocols[name] ?? 'OTHER', from, to, port: Number(sourcePorts[1] ?? 0) },
        selection: ['-p', name, '-s', from, '-d', originalTarget, ...ports],
      },
    ];
  });
}

export async function cutForbidden(run: RunCommand, isAllowed: (flow: Flow) => boolean): Promise<void> {
  const listing = await run(['conntrack', '-L']);
  for (const flow of parseFlows(listing)) {
    if (!isAllowed(flow)) await run(['conntrack', '-D', ...flow.selection]).catch(() => ''); // it ended by itself
  }
}

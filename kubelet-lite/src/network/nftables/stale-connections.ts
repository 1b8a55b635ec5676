/** UDP has no end of a connection: flows that the kernel keeps to an endpoint that is gone must be cut, or they go nowhere for minutes. */
// Like pkg/proxy/conntrack cleanup.go.
import type { RunCommand } from '../run-command.ts';
import type { ServedPort } from './services.ts';

/** A flow to be cut: where the client sent it, and the endpoint it was translated to (absent: to none). */
export interface StaleFlow {
  address?: string;
  port: number;
  endpoint?: string;
}

const keyOf = ({ protocol, port, nodePort }: ServedPort) => `${protocol} ${port} ${nodePort}`;

function flowsTo({ addresses, port, nodePort }: ServedPort, endpoint: string | undefined): StaleFlow[] {
  const target = endpoint === undefined ? {} : { endpoint };
  return [
    ...addresses.map((address) => ({ address, port, ...target })),
    ...(nodePort ? [{ port: nodePort, ...target }] : []),
  ];
}

/** The flows that a service's change left behind. Pure. */
export function staleFlows(before: readonly ServedPort[], after: readonly ServedPort[]): StaleFlow[] {
  const stale: StaleFlow[] = [];
  const now = new Map(after.map((port) => [keyOf(port), port]));
  for (const old of before.filter(({ protocol }) => protocol === 'UDP')) {
    const endpoints = new Set(now.get(keyOf(old))?.endpoints);
    for (const endpoint of old.endpoints) if (!endpoints.has(endpoint)) stale.push(...flowsTo(old, endpoint));
  }
  const then = new Map(before.map((port) => [keyOf(port), port]));
  for (const port of after.filter(({ protocol }) => protocol === 'UDP')) {
    const old = then.get(keyOf(port));
    // Flows from before there was an endpoint are known to the kernel as going to the service itself.
    if (port.endpoints.length > 0 && old && old.endpoints.length === 0) stale.push(...flowsTo(port, undefined));
  }
  return stale;
}

export function conntrackCommand({ address, port, endpoint }: StaleFlow): string[] {
  const [endpointAddress] = endpoint?.split(':') ?? [];
  return [
    ...['conntrack', '-D', '-p', 'udp', '--orig-port-dst', String(port)],
    ...(address ? ['--orig-dst', address] : []),
    ...(endpointAddress ? ['--reply-src', endpointAddress] : address ? ['--reply-src', address] : []),
  ];
}

/** Cuts them. `conntrack` fails when it finds none, which is as good. */
export async function cutFlows(run: RunCommand, flows: readonly StaleFlow[]): Promise<void> {
  for (const flow of flows) await run(conntrackCommand(flow)).catch(() => '');
}

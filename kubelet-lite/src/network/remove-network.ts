/** Takes everything of one cluster off this host's network, and nothing else; for `naru down`. */
import { parseRoutes } from './routes.ts';
import { closeFirewall } from './docker-user.ts';
import { nftTable, nodeInterface, podInterfacePrefix, routeProtocol } from './names.ts';
import type { RunCommand } from './run-command.ts';
import { runCommand } from './run-command.ts';

/** Host ends of pods, from `ip -o link show`. */
export function parsePodInterfaces(listing: string, prefix: string): string[] {
  const names = listing.split('\n').map((line) => /^\d+: ([^:@]+)[@:]/.exec(line)?.[1] ?? '');
  return names.filter((name) => name.startsWith(prefix));
}

/** Networks in `nft list set`, as `a.b.c.d/n`. */
export const parseNetworks = (listing: string): string[] => listing.match(/\d+\.\d+\.\d+\.\d+\/\d+/g) ?? [];

/**
 * Removes the table, the interfaces with their addresses and routes, the routes to other nodes' pods and the firewall
 * rules. What is not there is no error; forwarding stays on, since others may rely on it by now. Agents of the cluster
 * on this host must have ended.
 */
export async function removeNetwork(clusterId: string, { run = runCommand }: { run?: RunCommand } = {}): Promise<void> {
  const attempt = (argv: string[], input?: string) => run(argv, input).catch(() => '');
  // The table knows which routes were ours: routes cannot carry the cluster's id.
  const networks = parseNetworks(await attempt(['nft', 'list', 'set', 'ip', nftTable(clusterId), 'pod-networks']));
  const routes = parseRoutes(await attempt(['ip', 'route', 'show', 'proto', routeProtocol]));
  for (const network of networks) {
    if (routes.has(network)) await attempt(['ip', 'route', 'del', network, 'proto', routeProtocol]);
    await attempt(['ip', 'route', 'del', 'unreachable', network, 'proto', routeProtocol]);
  }
  const links = await attempt(['ip', '-o', 'link', 'show']);
  const interfaces = [...parsePodInterfaces(links, podInterfacePrefix(clusterId)), nodeInterface(clusterId)];
  await attempt(['ip', '-force', '-batch', '-'], interfaces.map((name) => `link del dev ${name}\n`).join(''));
  await closeFirewall(run, clusterId);
  await attempt(['nft', 'delete', 'table', 'ip', nftTable(clusterId)]);
}

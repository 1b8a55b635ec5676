/** Plain routes to the pods of other nodes, which must be neighbours on one segment. */
import type { Node } from './api-objects.ts';
import { routeProtocol } from './names.ts';
import { internalIpsOf, podCidrsOf } from './nftables/pods.ts';
import { formatCidr, parseCidr } from './pod-addresses.ts';
import type { RunCommand } from './run-command.ts';

/** Pod CIDR → address of its node, for all nodes but this one. Pure. */
export function wantedRoutes(nodes: readonly Node[], own: { nodeName: string; podCidr: string }): Map<string, string> {
  const routes = new Map<string, string>();
  for (const node of nodes) {
    const [via] = internalIpsOf(node);
    if (node.metadata.name === own.nodeName || !via) continue;
    for (const text of podCidrsOf(node)) {
      const cidr = parseCidr(text);
      if (cidr && formatCidr(cidr) !== own.podCidr) routes.set(formatCidr(cidr), via);
    }
  }
  return routes;
}

/** Our routes through other nodes, from `ip route show`. */
export function parseRoutes(listing: string): Map<string, string> {
  const routes = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const [, destination, via] = /^(\S+) via (\S+) /.exec(line) ?? [];
    if (destination && via) routes.set(destination.includes('/') ? destination : `${destination}/32`, via);
  }
  return routes;
}

export interface RoutesToNodes {
  /** Brings the kernel's routes in line. `refused`: routes the kernel would not take, with its reason. */
  set(wanted: Map<string, string>): Promise<{ refused: { route: string; reason: string }[] }>;
}

/** Starts from what stands in the kernel, so that routes to nodes which went while the agent was away go too. */
export function routesToNodes(run: RunCommand): RoutesToNodes {
  let standing: Map<string, string> | undefined;
  return {
    async set(wanted) {
      standing ??= parseRoutes(await run(['ip', 'route', 'show', 'proto', routeProtocol]));
      const refused: { route: string; reason: string }[] = [];
      for (const [destination, via] of standing) {
        if (wanted.get(destination) === via) continue;
        await run(['ip', 'route', 'del', destination, 'via', via, 'proto', routeProtocol]).catch(() => '');
        standing.delete(destination);
      }
      for (const [destination, via] of wanted) {
        if (standing.has(destination)) continue;
        try {
          await run(['ip', 'route', 'replace', destination, 'via', via, 'proto', routeProtocol]);
          standing.set(destination, via);
        } catch (error) {
          refused.push({ route: `${destination} via ${via}`, reason: (error as Error).message });
        }
      }
      return { refused };
    },
  };
}

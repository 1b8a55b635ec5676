/** What the node itself needs: forwarding, the interface with the cluster DNS address, the way of the service network, and an end for addresses no pod has. */
import { nodeInterface, routeProtocol } from './names.ts';
import type { RunCommand } from './run-command.ts';
import { interfaceExists, writeSysctl } from './write-sysctl.ts';

export interface NodeInterfaceOptions {
  clusterId: string;
  nodeIp: string;
  podCidr: string;
  serviceCidr: string;
  clusterDns: string;
}

/** Commands for `ip -batch`. Pure. */
export function nodeInterfaceCommands(options: NodeInterfaceOptions, { exists }: { exists: boolean }): string {
  const { clusterId, nodeIp, podCidr, serviceCidr, clusterDns } = options;
  const name = nodeInterface(clusterId);
  return [
    // A bridge without ports: every kernel that runs Docker has bridges, not every one has dummy interfaces.
    ...(exists ? [] : [`link add name ${name} type bridge`]),
    `link set dev ${name} up`,
    // Scope link: the host never takes it as the source of its own connections.
    ...(clusterDns ? [`address replace ${clusterDns}/32 dev ${name} scope link`] : []),
    // The host finds a source address for services even when it has no default route; nothing leaves this way.
    `route replace ${serviceCidr} dev ${name}${nodeIp ? ` src ${nodeIp}` : ''} proto ${routeProtocol}`,
    // Packets for a pod that is gone must not wander to the default gateway.
    `route replace unreachable ${podCidr} metric 4096 proto ${routeProtocol}`,
    '',
  ].join('\n');
}

export async function setUpNode(run: RunCommand, options: NodeInterfaceOptions): Promise<void> {
  writeSysctl(['ipv4', 'ip_forward'], '1');
  const commands = (nodeIp: string) => {
    const exists = interfaceExists(nodeInterface(options.clusterId));
    return nodeInterfaceCommands({ ...options, nodeIp }, { exists });
  };
  try {
    await run(['ip', '-batch', '-'], commands(options.nodeIp));
  } catch {
    // The address may have left the host for a moment: better the kernel's choice of a source than no service.
    await run(['ip', '-batch', '-'], commands(''));
  }
}

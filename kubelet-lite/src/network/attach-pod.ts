/** Connects a sandbox's network namespace to the host: a veth pair, the pod's address as /32, everything else behind the host. */
import type { RunCommand } from './run-command.ts';
import { interfaceExists, tryWriteSysctl, writeSysctl } from './write-sysctl.ts';

export interface Attachment {
  /** Host end of the pair. */
  interfaceName: string;
  ip: string;
  /** A process in the pod's network namespace. */
  pid: number;
  mtu: number;
}

/** The pod's way out. No host has this address: the host end answers for it. */
const gateway = '169.254.1.1';
/** Every host end has it; the pods know it beforehand and need not ask. */
const hostMac = 'ee:ee:ee:ee:ee:ee';

/** Commands for `ip -batch` on the host and inside the pod's namespace. Pure. */
export function attachCommands(
  { interfaceName, ip, pid, mtu }: Attachment,
  { replace }: { replace: boolean },
): { host: string; pod: string } {
  const host = [
    ...(replace ? [`link del dev ${interfaceName}`] : []),
    `link add name ${interfaceName} address ${hostMac} mtu ${mtu} type veth peer name eth0 mtu ${mtu} netns ${pid}`,
    `link set dev ${interfaceName} up`,
    `route replace ${ip}/32 dev ${interfaceName} scope link`,
  ];
  const pod = [
    'link set dev lo up',
    `address add ${ip}/32 dev eth0`,
    'link set dev eth0 up',
    `neighbour replace ${gateway} lladdr ${hostMac} dev eth0 nud permanent`,
    `route replace ${gateway}/32 dev eth0 scope link`,
    `route replace default via ${gateway} dev eth0`,
  ];
  return { host: lines(host), pod: lines(pod) };
}

const lines = (commands: string[]) => `${commands.join('\n')}\n`;

/** Makes the pair and both ends' settings; what stood under the same name before goes. */
export async function attachPod(run: RunCommand, attachment: Attachment): Promise<void> {
  const { interfaceName, pid } = attachment;
  const commands = attachCommands(attachment, { replace: interfaceExists(interfaceName) });
  await run(['ip', '-batch', '-'], commands.host);
  setHostEnd(interfaceName);
  await run(['nsenter', `--net=/proc/${pid}/ns/net`, 'ip', '-batch', '-'], commands.pod);
}

function setHostEnd(interfaceName: string): void {
  writeSysctl(['ipv4', 'conf', interfaceName, 'proxy_arp'], '1');
  writeSysctl(['ipv4', 'conf', interfaceName, 'rp_filter'], '1');
  // The answer to a pod's ARP request would be put off for up to a second.
  tryWriteSysctl(['ipv4', 'neigh', interfaceName, 'proxy_delay'], '0');
  // A link-local IPv6 address of the host would be a way past every rule.
  tryWriteSysctl(['ipv6', 'conf', interfaceName, 'disable_ipv6'], '1');
}

/** Takes the host end away, and the pod's end and route with it. The pod's end may have gone with its namespace already. */
export async function detachPod(run: RunCommand, interfaceName: string): Promise<void> {
  if (!interfaceExists(interfaceName)) return;
  try {
    await run(['ip', 'link', 'del', 'dev', interfaceName]);
  } catch (error) {
    if (interfaceExists(interfaceName)) throw error;
  }
}

/** Host ends of this cluster's pods and the addresses routed to them, from `ip route show` on one line each. */
export function parsePodRoutes(listing: string, prefix: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const line of listing.split('\n')) {
    const [, ip, name] = /^(\d+\.\d+\.\d+\.\d+) dev (\S+)/.exec(line) ?? [];
    if (ip && name?.startsWith(prefix)) found.set(name, ip);
  }
  return found;
}

/** MTU of the interface with the default route; pods get the same, so that nothing is fragmented on the way out. */
export async function uplinkMtu(run: RunCommand): Promise<number> {
  const route = await run(['ip', '-o', '-4', 'route', 'show', 'default']);
  const [, name] = / dev (\S+)/.exec(route) ?? [];
  const link = name ? await run(['ip', '-o', 'link', 'show', 'dev', name]) : '';
  return Number(/ mtu (\d+) /.exec(link)?.[1] ?? 1500);
}

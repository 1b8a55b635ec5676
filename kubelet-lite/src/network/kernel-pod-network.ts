/** PodNetwork on the kernel of a Linux host: addresses, interfaces and each pod's place in the table. */
import { attachPod, detachPod, parsePodRoutes } from './attach-pod.ts';
import type { HostResolvers } from './dns/host-resolvers.ts';
import { resolvConf } from './dns/resolv-conf.ts';
import type { EnforcedPolicies } from './enforce-policies.ts';
import type { LocalNodePorts } from './local-node-ports.ts';
import { podInterface, podInterfacePrefix } from './names.ts';
import type { NftTable } from './nftables/apply.ts';
import { podFragment } from './nftables/pods.ts';
import { cutFlows } from './nftables/stale-connections.ts';
import { PodAddresses } from './pod-addresses.ts';
import type { AttachablePod, HostPort, PodDns, PodNetwork, ResolvConf } from './pod-network.ts';
import type { RunCommand } from './run-command.ts';
import type { ServedServices } from './serve-services.ts';
import { interfaceExists } from './write-sysctl.ts';

export interface KernelPodNetworkOptions {
  clusterId: string;
  podCidr: string;
  clusterDns: string;
  clusterDomain: string;
  table: NftTable;
  localPorts: LocalNodePorts;
  run: RunCommand;
  /** MTU of new pods. */
  mtu(): number;
  hostResolvers(): HostResolvers;
  policies: Pick<EnforcedPolicies, 'guard' | 'adopt' | 'release'>;
  services: Pick<ServedServices, 'leave'>;
  /** Called when every pod that ran before is known. */
  onAdopted(): void;
  /** Ends everything that runs beside. */
  stop(): Promise<void>;
}

interface Attached {
  pid: number;
  ip: string;
  hostPorts: readonly HostPort[];
}

const isUnspecified = (address: string) => address === '' || address === '0.0.0.0';

export class KernelPodNetwork implements PodNetwork {
  readonly #options: KernelPodNetworkOptions;
  readonly #addresses: PodAddresses;
  readonly #attached = new Map<string, Attached>();

  constructor(options: KernelPodNetworkOptions) {
    this.#options = options;
    this.#addresses = new PodAddresses(options.podCidr);
  }

  async adopt(pods: AttachablePod[]): Promise<Map<string, string>> {
    const { run, clusterId, table, policies, onAdopted } = this.#options;
    const prefix = podInterfacePrefix(clusterId);
    const standing = parsePodRoutes(await run(['ip', '-o', 'route', 'show', 'scope', 'link']), prefix);
    const adopted = new Map<string, string>();
    for (const pod of pods) {
      const name = podInterface(clusterId, pod.uid);
      const ip = standing.get(name);
      if (ip === undefined || !this.#addresses.claim(pod.uid, ip)) continue;
      standing.delete(name);
      this.#remember(pod, ip);
      policies.adopt(pod, ip);
      adopted.set(pod.uid, ip);
    }
    await Promise.all([...standing.keys()].map((name) => detachPod(run, name)));
    onAdopted();
    await table.applied();
    return adopted;
  }

  async attach(pod: AttachablePod): Promise<{ ip: string }> {
    const { run, clusterId, table, mtu, policies } = this.#options;
    const interfaceName = podInterface(clusterId, pod.uid);
    const known = this.#attached.get(pod.uid);
    if (known?.pid === pod.pid && interfaceExists(interfaceName)) return { ip: known.ip };
    const ip = this.#addresses.pick(pod.uid);
    this.#remember(pod, ip);
    // Attached only once everything stands: a failed attempt is made again in full.
    this.#attached.delete(pod.uid);
    // Nothing runs in the pod yet; until its rules stand, whatever comes out of it is dropped.
    const rules = Promise.all([policies.guard(pod, ip), table.applied()]);
    const [made] = await Promise.allSettled([attachPod(run, { interfaceName, ip, pid: pod.pid, mtu: mtu() }), rules]);
    if (made.status === 'rejected') throw made.reason;
    await rules;
    this.#attached.set(pod.uid, { pid: pod.pid, ip, hostPorts: pod.hostPorts });
    await this.#cutHostPortFlows(pod.hostPorts);
    return { ip };
  }

  async leave(uid: string): Promise<void> {
    if (this.#attached.has(uid)) await this.#options.services.leave(uid, 'ending');
  }

  async detach(uid: string): Promise<void> {
    const { run, clusterId, table, localPorts, policies, services } = this.#options;
    if (this.#addresses.of(uid) === undefined) return;
    await services.leave(uid, 'gone');
    const hostPorts = this.#attached.get(uid)?.hostPorts ?? [];
    this.#attached.delete(uid);
    await detachPod(run, podInterface(clusterId, uid));
    table.put(`pod/${uid}`, undefined);
    localPorts.put(`pod/${uid}`, []);
    policies.release(uid);
    await table.applied();
    // Only now may another pod have it: until here rules spoke of the old one.
    this.#addresses.release(uid);
    await this.#cutHostPortFlows(hostPorts);
  }

  addressOf(uid: string): string | undefined {
    return this.#attached.get(uid)?.ip;
  }

  resolvConf(pod: PodDns): ResolvConf {
    const { clusterDns, clusterDomain, hostResolvers } = this.#options;
    return resolvConf(pod, { host: hostResolvers().forPods, clusterDns, clusterDomain });
  }

  close(): Promise<void> {
    return this.#options.stop();
  }

  #remember(pod: AttachablePod, ip: string): void {
    const { table, localPorts, clusterId } = this.#options;
    const interfaceName = podInterface(clusterId, pod.uid);
    this.#attached.set(pod.uid, { pid: pod.pid, ip, hostPorts: pod.hostPorts });
    table.put(`pod/${pod.uid}`, podFragment({ interfaceName, ip, hostPorts: pod.hostPorts }));
    const onLoopback = pod.hostPorts.filter(({ hostIP }) => isUnspecified(hostIP) || hostIP === '127.0.0.1');
    localPorts.put(
      `pod/${pod.uid}`,
      onLoopback.map(({ protocol, hostPort, containerPort }) => ({
        protocol,
        port: hostPort,
        targets: [`${ip}:${containerPort}`],
      })),
    );
  }

  async #cutHostPortFlows(hostPorts: readonly HostPort[]): Promise<void> {
    const udp = hostPorts.filter(({ protocol }) => protocol === 'UDP');
    await cutFlows(
      this.#options.run,
      udp.map(({ hostPort }) => ({ port: hostPort })),
    );
  }
}

/** The network of pods that do not run: picks addresses and nothing else. */
import { resolvConf } from './dns/resolv-conf.ts';
import { PodAddresses } from './pod-addresses.ts';
import type { AttachablePod, PodDns, PodNetwork, ResolvConf } from './pod-network.ts';

export class FakePodNetwork implements PodNetwork {
  readonly #addresses: PodAddresses;
  readonly #clusterDns: string;

  constructor({ podCidr, clusterDns = '10.96.0.10' }: { podCidr: string; clusterDns?: string }) {
    this.#addresses = new PodAddresses(podCidr);
    this.#clusterDns = clusterDns;
  }

  /** Nothing runs before the agent does, so every pod keeps or gets an address. */
  adopt(pods: AttachablePod[]): Promise<Map<string, string>> {
    return Promise.resolve(new Map(pods.map(({ uid }) => [uid, this.#addresses.pick(uid)])));
  }

  async attach({ uid }: AttachablePod): Promise<{ ip: string }> {
    return { ip: this.#addresses.pick(uid) };
  }

  leave(): Promise<void> {
    return Promise.resolve();
  }

  detach(uid: string): Promise<void> {
    this.#addresses.release(uid);
    return Promise.resolve();
  }

  addressOf(uid: string): string | undefined {
    return this.#addresses.of(uid);
  }

  resolvConf(pod: PodDns): ResolvConf {
    const host = { nameservers: [], searches: [], options: [] };
    return resolvConf(pod, { host, clusterDns: this.#clusterDns, clusterDomain: 'cluster.local' });
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

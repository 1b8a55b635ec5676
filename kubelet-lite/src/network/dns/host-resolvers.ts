/** The resolvers of the host: those the agent forwards to, and those a pod with dnsPolicy Default is given. */
import { readFileSync } from 'node:fs';
import type { Resolver } from './resolv-conf.ts';
import { parseResolvConf } from './resolv-conf.ts';

export interface HostResolvers {
  /** Reached from the host, where a stub on a loopback address answers too. */
  forwardTo: string[];
  /** Reached from a pod, which has a loopback of its own. */
  forPods: Resolver;
}

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1';

/** Where systemd-resolved keeps the servers its stub asks; kubelets are pointed there for the same reason. */
const behindStub = '/run/systemd/resolve/resolv.conf';

/** Pure. `stub` is what stands behind a stub resolver, if the host has one. */
export function chooseResolvers(own: Resolver, stub: Resolver | undefined, clusterDns: string): HostResolvers {
  const real = (resolver: Resolver) => resolver.nameservers.filter((address) => address !== clusterDns);
  const outside = real(own).filter((address) => !isLoopback(address));
  const behind = stub ? real(stub).filter((address) => !isLoopback(address)) : [];
  const servers = outside.length > 0 ? outside : behind;
  return {
    forwardTo: servers.length > 0 ? servers : real(own),
    forPods: {
      // The cluster DNS asks the host's stub for a pod that cannot.
      nameservers: servers.length > 0 ? servers : clusterDns ? [clusterDns] : [],
      searches: own.searches,
      options: outside.length > 0 ? own.options : (stub?.options ?? own.options),
    },
  };
}

function read(path: string): Resolver | undefined {
  try {
    return parseResolvConf(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

export function readHostResolvers(clusterDns: string): HostResolvers {
  const own = read('/etc/resolv.conf') ?? { nameservers: [], searches: [], options: [] };
  return chooseResolvers(own, read(behindStub), clusterDns);
}

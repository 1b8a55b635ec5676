/** Pure: a Service and its EndpointSlices → what it has in the table, and what the rest of the agent must know of it. */
// Like pkg/proxy/nftables proxier.go; the choice among endpoints follows iptables', as anonymous maps by the thousand are slow to load.
import type { EndpointSlice, Protocol, Service, ServicePort } from '../api-objects.ts';
import { shortHash } from '../names.ts';
import { formatCidr, parseCidr, parseIPv4 } from '../pod-addresses.ts';
import { masqueradeMark } from './base.ts';
import type { Categorized, Endpoint, Leaving, NodePlace } from './endpoints.ts';
import { categorize, endpointsOf } from './endpoints.ts';
import type { Chain, Element, Fragment, NamedSet } from './ruleset.ts';

/** A port as the listeners on 127.0.0.1 and the cleaning of connections need it. */
export interface ServedPort {
  protocol: Protocol;
  port: number;
  /** 0: none. */
  nodePort: number;
  /** Cluster, external and load balancer addresses. */
  addresses: readonly string[];
  /** `address:port` of those that take traffic. */
  endpoints: readonly string[];
}

export interface ServiceRules {
  fragment: Fragment;
  ports: readonly ServedPort[];
  /** Endpoints on this node, of ports whose external traffic stays local; what a health check of a load balancer asks. */
  localEndpoints: number;
}

/** Longer lists are looked up in a map; shorter ones are rules, one for each endpoint. */
const longestRuleList = 16;

const isIPv4 = (address: string | undefined): address is string =>
  address !== undefined && parseIPv4(address) !== undefined;

/** Whether this node is to serve it: not headless, not a name for something else, not another proxy's. */
export function isProxied({ spec, metadata }: Service): boolean {
  if (!spec || spec.type === 'ExternalName' || !isIPv4(spec.clusterIP)) return false;
  return metadata.labels?.['service.kubernetes.io/service-proxy-name'] === undefined;
}

const protocolName = (protocol: Protocol) => protocol.toLowerCase();

class PortRules {
  readonly chains = new Map<string, Chain>();
  readonly sets = new Map<string, NamedSet>();
  readonly elements: Element[] = [];
  readonly #service: Service;
  readonly #port: ServicePort;
  readonly #protocol: Protocol;
  readonly #endpoints: Categorized;
  /** `<hash>/<namespace>/<name>/<port>`: unique by its hash, readable by the rest, short enough for the kernel. */
  readonly #id: string;
  readonly #affinitySeconds: number;

  constructor(service: Service, port: ServicePort, endpoints: Categorized) {
    const { namespace = '', name = '' } = service.metadata;
    this.#service = service;
    this.#port = port;
    this.#protocol = port.protocol ?? 'TCP';
    this.#endpoints = endpoints;
    const path = `${namespace}/${name}/${port.name || `${port.port}-${protocolName(this.#protocol)}`}`;
    this.#id = `${shortHash(path)}/${path.slice(0, 80)}`;
    this.#affinitySeconds =
      service.spec?.sessionAffinity === 'ClientIP'
        ? (service.spec.sessionAffinityConfig?.clientIP?.timeoutSeconds ?? 10_800)
        : 0;
  }

  build(): ServedPort {
    const spec = this.#service.spec ?? {};
    const clusterIPs = (spec.clusterIPs ?? [spec.clusterIP]).filter(isIPv4);
    const isExposed = spec.type === 'NodePort' || spec.type === 'LoadBalancer';
    const nodePort = isExposed ? (this.#port.nodePort ?? 0) : 0;
    const balancers = spec.type === 'LoadBalancer' ? this.#balancerAddresses() : [];
    const externals = (spec.externalIPs ?? []).filter(isIPv4);

    for (const address of clusterIPs) this.elements.push({ in: 'cluster-ips', key: address });
    if (!this.#endpoints.any) this.#refuse([...externals, ...balancers], nodePort);
    else {
      const inside = this.#internalTarget();
      for (const address of clusterIPs) this.#serve(address, inside);
      if (externals.length > 0 || balancers.length > 0 || nodePort) this.#expose(externals, balancers, nodePort);
    }
    return {
      protocol: this.#protocol,
      port: this.#port.port,
      nodePort,
      addresses: [...clusterIPs, ...externals, ...balancers],
      endpoints: this.#endpoints.cluster.map(({ address, port }) => `${address}:${port}`),
    };
  }

  #balancerAddresses(): string[] {
    const ingress = this.#service.status?.loadBalancer?.ingress ?? [];
    return ingress.filter(({ ipMode }) => ipMode !== 'Proxy').flatMap(({ ip }) => (isIPv4(ip) ? [ip] : []));
  }

  #serve(address: string, verdict: string): void {
    const key = `${address} . ${protocolName(this.#protocol)} . ${this.#port.port}`;
    this.elements.push({ in: 'service-ips', key, data: verdict });
  }

  /** Addresses of the cluster without endpoints are refused by `no-such-service`. */
  #refuse(addresses: readonly string[], nodePort: number): void {
    const protocol = protocolName(this.#protocol);
    for (const address of addresses) {
      const key = `${address} . ${protocol} . ${this.#port.port}`;
      this.elements.push({ in: 'unserved-ips', key, data: 'goto refuse' });
    }
    if (nodePort)
      this.elements.push({ in: 'unserved-node-ports', key: `${protocol} . ${nodePort}`, data: 'goto refuse' });
  }

  #internalTarget(): string {
    if (this.#service.spec?.internalTrafficPolicy !== 'Local') return `goto ${this.#clusterChain()}`;
    return this.#endpoints.local.length > 0 ? `goto ${this.#localChain()}` : 'drop';
  }

  #expose(externals: readonly string[], balancers: readonly string[], nodePort: number): void {
    const outside = `goto ${this.#externalChain()}`;
    for (const address of externals) this.#serve(address, outside);
    const balanced = balancers.length > 0 ? this.#balancerTarget(outside) : outside;
    for (const address of balancers) this.#serve(address, balanced);
    if (!nodePort) return;
    const key = `${protocolName(this.#protocol)} . ${nodePort}`;
    this.elements.push({ in: 'service-node-ports', key, data: outside });
  }

  /** Traffic from outside that may go to any node takes this node's address with it, or the answer would miss us. */
  #externalChain(): string {
    const name = `x-${this.#id}`;
    const anywhere = this.#endpoints.cluster.length > 0 ? `goto ${this.#clusterChain()}` : 'drop';
    const masquerade = `meta mark set meta mark | ${masqueradeMark}`;
    const rules =
      this.#service.spec?.externalTrafficPolicy === 'Local'
        ? [
            // Pods and the node itself have no way around: for them the policy is Cluster.
            `ip saddr @pod-networks ${anywhere}`,
            `fib saddr type local ${masquerade} ${anywhere}`,
            this.#endpoints.local.length > 0 ? `goto ${this.#localChain()}` : 'drop',
          ]
        : [masquerade, anywhere];
    this.chains.set(name, { rules });
    return name;
  }

  #balancerTarget(outside: string): string {
    const ranges = this.#service.spec?.loadBalancerSourceRanges ?? [];
    if (ranges.length === 0) return outside;
    const allowed = ranges.flatMap((range) => parseCidr(range.trim()) ?? []).map(formatCidr);
    const name = `w-${this.#id}`;
    this.chains.set(name, { rules: [...allowed.map((range) => `ip saddr ${range} ${outside}`), 'drop'] });
    return `goto ${name}`;
  }

  #clusterChain(): string {
    return this.#choice(`s-${this.#id}`, this.#endpoints.cluster);
  }

  #localChain(): string {
    return this.#choice(`l-${this.#id}`, this.#endpoints.local);
  }

  #choice(name: string, endpoints: readonly Endpoint[]): string {
    if (this.chains.has(name)) return name;
    const remembered = this.#affinitySeconds
      ? endpoints.map((endpoint) => `ip saddr @${this.#affinitySet(endpoint)} goto ${this.#endpointChain(endpoint)}`)
      : [];
    this.chains.set(name, { rules: [...remembered, ...this.#oneOf(endpoints)] });
    return name;
  }

  /** Rules that give each endpoint the same chance. */
  #oneOf(endpoints: readonly Endpoint[]): string[] {
    const count = endpoints.length;
    if (count <= longestRuleList) {
      return endpoints.map((endpoint, index) => {
        const chance = index < count - 1 ? `numgen random mod ${count - index} == 0 ` : '';
        return chance + this.#verdict(endpoint);
      });
    }
    if (this.#affinitySeconds) {
      const chains = endpoints.map((endpoint, index) => `${index} : goto ${this.#endpointChain(endpoint)}`);
      return [`numgen random mod ${count} vmap { ${chains.join(', ')} }`];
    }
    const targets = endpoints.map(({ address, port }, index) => `${index} : ${address} . ${port}`);
    return [
      `meta l4proto ${protocolName(this.#protocol)} dnat ip to numgen random mod ${count} map { ${targets.join(', ')} }`,
    ];
  }

  #verdict(endpoint: Endpoint): string {
    return this.#affinitySeconds ? `goto ${this.#endpointChain(endpoint)}` : this.#translate(endpoint);
  }

  #translate({ address, port }: Endpoint): string {
    return `meta l4proto ${protocolName(this.#protocol)} dnat ip to ${address}:${port}`;
  }

  /** Who went to this endpoint lately. Its name tells the timeout, so that a changed one makes a new set. */
  #affinitySet({ address, port }: Endpoint): string {
    const name = `a-${this.#id}/${this.#affinitySeconds}/${address}/${port}`;
    const body = `type ipv4_addr; size 65535; flags dynamic,timeout; timeout ${this.#affinitySeconds}s;`;
    this.sets.set(name, { kind: 'set', body, dynamic: true });
    return name;
  }

  #endpointChain(endpoint: Endpoint): string {
    const name = `e-${this.#id}/${endpoint.address}/${endpoint.port}`;
    const remember = `update @${this.#affinitySet(endpoint)} { ip saddr }`;
    this.chains.set(name, { rules: [remember, this.#translate(endpoint)] });
    return name;
  }
}

/** Pods that end count as ready where the service publishes pods whatever they say; not those that are gone. */
const leavingFor = ({ spec }: Service, leaving: Leaving): Leaving =>
  spec?.publishNotReadyAddresses ? new Map([...leaving].filter(([, how]) => how === 'gone')) : leaving;

/** What `service` has on this node. `slices` are its own. Services that are not proxied have no rules. */
export function serviceRules(
  service: Service,
  slices: readonly EndpointSlice[],
  place: NodePlace,
  leaving: Leaving = new Map(),
): ServiceRules {
  const chains = new Map<string, Chain>();
  const sets = new Map<string, NamedSet>();
  const elements: Element[] = [];
  const ports: ServedPort[] = [];
  const local = new Set<string>();
  for (const port of isProxied(service) ? (service.spec?.ports ?? []) : []) {
    const wanted = { name: port.name ?? '', protocol: port.protocol ?? 'TCP' };
    const endpoints = categorize(endpointsOf(slices, wanted, leavingFor(service, leaving)), place);
    const rules = new PortRules(service, port, endpoints);
    ports.push(rules.build());
    for (const [name, chain] of rules.chains) chains.set(name, chain);
    for (const [name, set] of rules.sets) sets.set(name, set);
    elements.push(...rules.elements);
    for (const { address } of endpoints.local) local.add(address);
  }
  return { fragment: { chains, sets, elements }, ports, localEndpoints: local.size };
}

/** Pure: what stands in a pod's /etc/resolv.conf. */
// Like pkg/kubelet/network/dns dns.go; the order of lines is containerd's.
import type { PodDns, ResolvConf } from '../pod-network.ts';

/** A resolv.conf, parsed. */
export interface Resolver {
  nameservers: string[];
  searches: string[];
  options: string[];
}

export interface ResolvConfFacts {
  host: Resolver;
  /** Empty: there is none. */
  clusterDns: string;
  clusterDomain: string;
}

const mostNameservers = 3;
const mostSearches = 32;
const longestSearchLine = 2048;
const longestSearch = 253;

export function parseResolvConf(text: string): Resolver {
  const resolver: Resolver = { nameservers: [], searches: [], options: [] };
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/);
    if (keyword === 'nameserver' && values[0]) resolver.nameservers.push(values[0]);
    else if (keyword === 'search') resolver.searches = values.map((search) => search.replace(/(?!^)\.$/, ''));
    else if (keyword === 'options') resolver.options = values;
  }
  return resolver;
}

const unique = (values: readonly string[]) => [...new Set(values)];

function composed({ namespace, hostNetwork, dnsPolicy }: PodDns, facts: ResolvConfFacts): Resolver {
  if (dnsPolicy === 'None') return { nameservers: [], searches: [], options: [] };
  const usesCluster = dnsPolicy === 'ClusterFirstWithHostNet' || (dnsPolicy !== 'Default' && !hostNetwork);
  if (!usesCluster || !facts.clusterDns) return facts.host;
  const domain = facts.clusterDomain;
  return {
    nameservers: [facts.clusterDns],
    searches: unique([`${namespace}.svc.${domain}`, `svc.${domain}`, domain, ...facts.host.searches]),
    options: ['ndots:5'],
  };
}

/** The pod's options replace those of the same name. */
function mergeOptions(base: readonly string[], own: { name?: string; value?: string }[]): string[] {
  const merged = new Map(base.map((option) => [option.split(':', 1)[0] ?? '', option]));
  for (const { name = '', value } of own) merged.set(name, value ? `${name}:${value}` : name);
  return [...merged.values()];
}

function fittingSearches(searches: readonly string[]): string[] {
  const kept = searches.slice(0, mostSearches).filter((search) => search.length <= longestSearch);
  while (kept.join(' ').length > longestSearchLine) kept.pop();
  return kept;
}

export function resolvConf(pod: PodDns, facts: ResolvConfFacts): ResolvConf {
  const base = composed(pod, facts);
  const own = pod.dnsConfig ?? {};
  const nameservers = unique([...base.nameservers, ...(own.nameservers ?? [])]);
  const searches = unique([...base.searches, ...(own.searches ?? [])]);
  const options = mergeOptions(base.options, own.options ?? []);
  const applied = { nameservers: nameservers.slice(0, mostNameservers), searches: fittingSearches(searches) };
  const warnings: string[] = [];
  if (applied.searches.length < searches.length)
    warnings.push(
      `Search Line limits were exceeded, some search paths have been omitted, the applied search line is: ${applied.searches.join(' ')}`,
    );
  if (applied.nameservers.length < nameservers.length)
    warnings.push(
      `Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: ${applied.nameservers.join(' ')}`,
    );
  const lines = [
    ...(applied.searches.length ? [`search ${applied.searches.join(' ')}`] : []),
    ...applied.nameservers.map((address) => `nameserver ${address}`),
    ...(options.length ? [`options ${options.join(' ')}`] : []),
  ];
  return { content: lines.map((line) => `${line}\n`).join(''), warnings };
}

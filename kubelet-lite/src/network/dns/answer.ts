/** Pure: a question about a name of the cluster → its answer. */
// Like CoreDNS plugin/kubernetes (parse.go, kubernetes.go) with kubeadm's Corefile: pods insecure, ttl 30.
import { isIP } from 'node:net';
import type { DnsRecord, Question } from 'dns-packet';
import type { Service } from '../api-objects.ts';
import { parseIPv4 } from '../pod-addresses.ts';
import type { ClusterNames, NamedEndpoint } from './cluster-names.ts';

export type Answer =
  | { rcode: 'NOERROR'; answers: DnsRecord[]; additionals?: DnsRecord[] }
  /** An alias whose target must be looked up too. */
  | { rcode: 'NOERROR'; answers: DnsRecord[]; follow: string }
  | { rcode: 'NXDOMAIN' | 'SERVFAIL' };

export interface Zone {
  /** `cluster.local` */
  domain: string;
  /** Address of the name server itself. */
  clusterDns: string;
  /** Seconds since 1970; SOA's serial. */
  now(): number;
}

const ttl = 30;
const schemaVersion = '1.1.0';

const nameError: Answer = { rcode: 'NXDOMAIN' };
/** The name exists, but not with that type. */
const nothing: Answer = { rcode: 'NOERROR', answers: [] };

export function startOfAuthority({ domain, now }: Zone): DnsRecord {
  const [mname, rname] = [`ns.dns.${domain}`, `hostmaster.${domain}`];
  const data = { mname, rname, serial: now(), refresh: 7200, retry: 1800, expire: 86_400, minimum: ttl };
  return { type: 'SOA', name: domain, ttl, data };
}

/** An address or a name with the port it is reached at, before it is known which type is asked for. */
interface Found {
  /** Name of its own, as the target of SRV. */
  name: string;
  address: string;
  port: number;
}

/** The answer, or undefined when the name is not the cluster's and others are to be asked. */
export function answer(question: Question, zone: Zone, names: ClusterNames): Answer | undefined {
  const name = question.name.toLowerCase();
  if (name.endsWith('.in-addr.arpa')) return reverse(question, name, zone, names);
  if (name !== zone.domain && !name.endsWith(`.${zone.domain}`)) return undefined;
  const rest = name.slice(0, -zone.domain.length - 1);
  const labels = rest === '' ? [] : rest.split('.');
  const fixed = ofTheZone(question, rest, zone);
  if (fixed) return fixed;
  if (!names.synced) return { rcode: 'SERVFAIL' };
  const kind = labels.pop();
  if (kind === 'pod') return ofPod(question, labels, names);
  if (kind === 'svc') return ofService(question, labels, zone, names);
  return nameError;
}

/** Names that need no object. */
function ofTheZone({ name, type }: Question, rest: string, zone: Zone): Answer | undefined {
  const server = `ns.dns.${zone.domain}`;
  const one = (record: DnsRecord): Answer => ({ rcode: 'NOERROR', answers: [record] });
  if (rest === '') {
    if (type === 'SOA') return one(startOfAuthority(zone));
    if (type === 'NS') return one({ type: 'NS', name, ttl, data: server });
    return nothing;
  }
  if (rest === 'dns-version') return type === 'TXT' ? one({ type: 'TXT', name, ttl, data: [schemaVersion] }) : nothing;
  if (rest === 'ns.dns') return type === 'A' ? one({ type: 'A', name, ttl, data: zone.clusterDns }) : nothing;
  return rest === 'dns' || rest === 'svc' || rest === 'pod' ? nothing : undefined;
}

/** `10-1-2-3.namespace.pod`: any address has such a name, whether a pod has the address or not. */
function ofPod({ name, type }: Question, labels: string[], names: ClusterNames): Answer {
  const [namespace, dashed, ...more] = [...labels].reverse();
  if (more.length > 0 || namespace === undefined) return nameError;
  if (dashed === undefined) return names.hasServices(namespace) ? nothing : nameError;
  const address = dashed.replaceAll('-', '.');
  if (parseIPv4(address) === undefined) return nameError;
  return type === 'A' ? { rcode: 'NOERROR', answers: [{ type: 'A', name, ttl, data: address }] } : nothing;
}

interface ServiceName {
  namespace: string;
  service: string;
  /** Of one endpoint; empty: of the service. */
  endpoint: string;
  /** Empty: every port. */
  port: string;
  protocol: string;
}

/** Labels before `svc`: service.namespace, endpoint.service.namespace or _port._protocol.service.namespace. */
function parseServiceName(labels: readonly string[]): ServiceName | undefined {
  const [namespace = '', service = '', ...rest] = [...labels].reverse();
  const [first = '', second] = rest;
  if (rest.length > 2) return undefined;
  if (second === undefined) return { namespace, service, endpoint: first, port: '', protocol: '' };
  const plain = (label: string) => (label.startsWith('_') ? label.slice(1) : label);
  return { namespace, service, endpoint: '', port: plain(second), protocol: plain(first) };
}

function ofService(question: Question, labels: string[], zone: Zone, names: ClusterNames): Answer {
  const parsed = parseServiceName(labels);
  if (!parsed) return nameError;
  const { namespace, service: serviceName, endpoint, port } = parsed;
  if (serviceName === '') return names.hasServices(namespace) ? nothing : nameError;
  const service = names.service(namespace, serviceName);
  if (!service) return nameError;
  const { externalName = '', type } = service.spec ?? {};
  if (type === 'ExternalName') return endpoint || port ? nameError : alias(question, externalName);
  const found = foundFor(service, parsed, zone, names);
  return found.length > 0 ? records(question, found) : nameError;
}

function alias({ name, type }: Question, externalName: string): Answer {
  const target = externalName.replace(/\.$/, '');
  if (target === '' || isIP(target)) return nameError;
  const answers: DnsRecord[] = [{ type: 'CNAME', name, ttl, data: target }];
  if (type === 'A' || type === 'AAAA') return { rcode: 'NOERROR', answers, follow: target };
  return type === 'CNAME' ? { rcode: 'NOERROR', answers } : nothing;
}

function foundFor(service: Service, wanted: ServiceName, { domain }: Zone, names: ClusterNames): Found[] {
  const { namespace, service: serviceName, endpoint } = wanted;
  const ownName = `${serviceName}.${namespace}.svc.${domain}`;
  const matches = (port: { name?: string; protocol?: string }) =>
    (wanted.port === '' || wanted.port === port.name?.toLowerCase()) &&
    (wanted.protocol === '' || wanted.protocol === (port.protocol ?? 'TCP').toLowerCase());
  const isHeadless = service.spec?.clusterIP === 'None';
  if (isHeadless || endpoint) {
    const ofEndpoint = ({ label, address, ports }: NamedEndpoint) =>
      ports.filter(matches).map(({ port }) => ({ name: `${label}.${ownName}`, address, port }));
    const endpoints = names.endpoints(namespace, serviceName);
    return endpoints.filter(({ label }) => endpoint === '' || label.toLowerCase() === endpoint).flatMap(ofEndpoint);
  }
  const addresses = service.spec?.clusterIPs ?? (service.spec?.clusterIP ? [service.spec.clusterIP] : []);
  const ports = (service.spec?.ports ?? []).filter(matches);
  return ports.flatMap(({ port }) => addresses.map((address) => ({ name: ownName, address, port })));
}

const familyOf = (address: string): 'A' | 'AAAA' => (isIP(address) === 6 ? 'AAAA' : 'A');

function records({ name, type }: Question, found: readonly Found[]): Answer {
  if (type === 'A' || type === 'AAAA') {
    const addresses = new Set(found.map(({ address }) => address).filter((address) => familyOf(address) === type));
    return { rcode: 'NOERROR', answers: [...addresses].map((data) => ({ type, name, ttl, data })) };
  }
  if (type !== 'SRV') return nothing;
  const served = new Map(found.filter(({ port }) => port > 0).map((one) => [`${one.name} ${one.port}`, one]));
  const weight = Math.max(1, Math.floor(100 / Math.max(1, served.size)));
  const targets = new Map(found.map((one) => [`${one.name} ${one.address}`, one]));
  return {
    rcode: 'NOERROR',
    answers: [...served.values()].map(({ name: target, port }) => ({
      ...{ type: 'SRV', name, ttl, data: { priority: 0, weight, port, target } },
    })),
    additionals: [...targets.values()].map((one) => ({
      ...{ type: familyOf(one.address), name: one.name, ttl, data: one.address },
    })),
  };
}

/** A name for an address: the service that has it, or the endpoint with a hostname. Others may know more. */
function reverse({ name, type }: Question, lower: string, { domain }: Zone, names: ClusterNames): Answer | undefined {
  if (!names.synced) return undefined;
  const address = lower.slice(0, -'.in-addr.arpa'.length).split('.').reverse().join('.');
  if (parseIPv4(address) === undefined) return undefined;
  const service = names.serviceAt(address);
  const found = service ? [`${service.metadata.name}.${service.metadata.namespace}`] : names.hostnamesAt(address);
  if (found.length === 0) return undefined;
  if (type !== 'PTR') return nothing;
  return {
    rcode: 'NOERROR',
    answers: found.map((host) => ({ type: 'PTR', name, ttl, data: `${host}.svc.${domain}` })),
  };
}

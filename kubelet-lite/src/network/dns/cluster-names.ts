/** What the cluster's names stand for, read from Services and EndpointSlices. */
import type { Informer } from '@naru/api/client/informer';
import type { EndpointSlice, Service } from '../api-objects.ts';
import { serviceKeyOf } from '../api-objects.ts';

/** An endpoint as it has a name of its own. */
export interface NamedEndpoint {
  /** First label of its name: its hostname, or its address with dashes. */
  label: string;
  address: string;
  ports: { name: string; protocol: string; port: number }[];
}

export interface ClusterNames {
  /** False until everything is known: nobody can say yet that a name does not exist. */
  readonly synced: boolean;
  service(namespace: string, name: string): Service | undefined;
  /** Ready endpoints, each address once. */
  endpoints(namespace: string, service: string): NamedEndpoint[];
  hasServices(namespace: string): boolean;
  serviceAt(clusterIP: string): Service | undefined;
  /** `hostname.service.namespace` of each endpoint with that address and a hostname. */
  hostnamesAt(address: string): string[];
}

const addressLabel = (address: string) => address.replaceAll('.', '-').replaceAll(':', '-');

/** A service without ports still has addresses. */
const noPort = { name: '', protocol: 'TCP', port: -1 };

function namedEndpoints(slice: EndpointSlice): NamedEndpoint[] {
  const ports = (slice.ports ?? []).map(({ name = '', protocol = 'TCP', port = -1 }) => ({ name, protocol, port }));
  return (slice.endpoints ?? [])
    .filter(({ conditions }) => conditions?.ready !== false)
    .flatMap(({ addresses, hostname }) =>
      addresses.map((address) => ({
        label: hostname || addressLabel(address),
        address,
        ports: ports.length > 0 ? ports : [noPort],
      })),
    );
}

export function informedNames(services: Informer<Service>, slices: Informer<EndpointSlice>): ClusterNames {
  services.addIndex('clusterIP', ({ spec }) => spec?.clusterIPs ?? (spec?.clusterIP ? [spec.clusterIP] : []));
  slices.addIndex('service', (slice) => [serviceKeyOf(slice) ?? '']);
  slices.addIndex('named address', ({ endpoints }) =>
    (endpoints ?? []).filter(({ hostname }) => hostname).flatMap(({ addresses }) => addresses),
  );
  return {
    get synced() {
      return services.hasSynced && slices.hasSynced;
    },
    service: (namespace, name) => services.get(`${namespace}/${name}`),
    endpoints(namespace, service) {
      const found = new Map<string, NamedEndpoint>();
      for (const endpoint of slices.byIndex('service', `${namespace}/${service}`).flatMap(namedEndpoints)) {
        const same = found.get(endpoint.address);
        found.set(endpoint.address, same ? { ...same, ports: [...same.ports, ...endpoint.ports] } : endpoint);
      }
      return [...found.values()];
    },
    hasServices: (namespace) => services.inNamespace(namespace).length > 0,
    serviceAt: (clusterIP) => services.byIndex('clusterIP', clusterIP)[0],
    hostnamesAt: (address) =>
      slices.byIndex('named address', address).flatMap((slice) => {
        const { namespace = '' } = slice.metadata;
        const service = slice.metadata.labels?.['kubernetes.io/service-name'];
        const named = (slice.endpoints ?? []).filter(
          ({ addresses, hostname }) => hostname && addresses.includes(address),
        );
        return service ? named.map(({ hostname }) => `${hostname}.${service}.${namespace}`) : [];
      }),
  };
}

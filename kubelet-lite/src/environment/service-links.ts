/** The variables by which a pod finds the services that stood when it started: WEB_SERVICE_HOST and its kin. */
// Like pkg/kubelet/envvars and getServiceEnvVarMap.
import type { KubeObject } from '@naru/api/object';

export interface LinkedService extends KubeObject {
  spec?: {
    type?: string;
    clusterIP?: string;
    ports?: { name?: string; port: number; protocol?: string }[];
  };
}

/** `services`: at least those of the pod's namespace and the API's own. Without `links` only the API's is told. */
export function serviceLinks(
  services: readonly LinkedService[],
  { namespace, links }: { namespace: string; links: boolean },
): Map<string, string> {
  const isApi = ({ metadata }: LinkedService) => metadata.namespace === 'default' && metadata.name === 'kubernetes';
  const chosen = new Map<string, LinkedService>();
  for (const service of services) {
    if (!hasAddress(service)) continue;
    const { name = '' } = service.metadata;
    const own = service.metadata.namespace === namespace && links;
    // A service of the same name in the pod's own namespace goes before the API's.
    if (own || (isApi(service) && !chosen.has(name))) chosen.set(name, service);
  }
  const names = [...chosen.keys()].sort();
  return new Map(names.flatMap((name) => variablesOf(name, chosen.get(name)?.spec)));
}

const hasAddress = ({ spec }: LinkedService) =>
  Boolean(spec?.clusterIP && spec.clusterIP !== 'None' && spec.type !== 'ExternalName');

const variableName = (name: string) => name.toUpperCase().replaceAll('-', '_');

function variablesOf(service: string, spec: LinkedService['spec']): [string, string][] {
  const prefix = variableName(service);
  const host = spec?.clusterIP ?? '';
  const ports = spec?.ports ?? [];
  const [first] = ports;
  if (!first) return [[`${prefix}_SERVICE_HOST`, host]];
  const address = (port: number) => (host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
  const variables: [string, string][] = [
    [`${prefix}_SERVICE_HOST`, host],
    [`${prefix}_SERVICE_PORT`, String(first.port)],
  ];
  for (const { name, port } of ports)
    if (name) variables.push([`${prefix}_SERVICE_PORT_${variableName(name)}`, String(port)]);
  const protocolOf = (protocol: string | undefined) => (protocol ?? 'TCP').toLowerCase();
  variables.push([`${prefix}_PORT`, `${protocolOf(first.protocol)}://${address(first.port)}`]);
  for (const { port, protocol } of ports) {
    const lower = protocolOf(protocol);
    const stem = `${prefix}_PORT_${port}_${lower.toUpperCase()}`;
    variables.push(
      [stem, `${lower}://${address(port)}`],
      [`${stem}_PROTO`, lower],
      [`${stem}_PORT`, String(port)],
      [`${stem}_ADDR`, host],
    );
  }
  return variables;
}

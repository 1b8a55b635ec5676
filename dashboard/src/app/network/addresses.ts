/** Every address of the cluster: names inside, ports and hosts outside, and what each leads to; pure. */
import type { App } from '../apps/app';
import { matchesLabels } from '../cluster/kubernetes-object';
import { type Message, message } from '../i18n/message';
import { type Pod, isReady } from '../kinds/pod';
import type { Ingress, Service } from '../kinds/service';

export interface Address {
  readonly key: string;
  readonly kind: 'internal' | 'port' | 'host';
  readonly text: string;
  /** What a browser opens; only for addresses that speak to the outside. */
  readonly url: string | undefined;
  readonly project: string;
  readonly service: string;
  /** What the server can try: the port of the Service or of the machine; undefined for UDP and for host names. */
  readonly port: number | undefined;
  readonly apps: readonly string[];
  readonly ready: number;
  /** Why it leads to nothing. */
  readonly problem: Message | undefined;
}

export interface NetworkParts {
  readonly services: readonly Service[];
  readonly ingresses: readonly Ingress[];
  readonly pods: readonly Pod[];
  readonly apps: readonly App[];
}

export function addressesOf(parts: NetworkParts, host: string): Address[] {
  return [
    ...parts.services.flatMap((service) => addressesOfService(service, parts, host)),
    ...parts.ingresses.flatMap((ingress) => addressesOfIngress(ingress, parts)),
  ];
}

function addressesOfService(service: Service, parts: NetworkParts, host: string): Address[] {
  const { name, namespace: project = '', uid } = service.metadata;
  const base = { project, service: name, ...targetsOf(service, parts) };
  return (service.spec.ports ?? []).flatMap(({ port, nodePort, protocol = 'TCP' }): Address[] => {
    const suffix = protocol === 'TCP' ? '' : `/${protocol}`;
    const inside: Address = {
      ...base,
      key: `${uid}/${port}${suffix}`,
      kind: 'internal',
      port: protocol === 'TCP' ? port : undefined,
      text: `${name}.${project}:${port}${suffix}`,
      url: undefined,
    };
    if (nodePort === undefined) return [inside];
    const scheme = port === 443 || port === 8443 ? 'https' : 'http';
    const url = protocol === 'TCP' ? `${scheme}://${host}:${nodePort}/` : undefined;
    return [
      inside,
      {
        ...base,
        key: `${uid}/node/${nodePort}`,
        kind: 'port',
        port: protocol === 'TCP' ? nodePort : undefined,
        text: `${host}:${nodePort}${suffix}`,
        url,
      },
    ];
  });
}

function addressesOfIngress(ingress: Ingress, parts: NetworkParts): Address[] {
  const { namespace: project = '', uid } = ingress.metadata;
  const secure = new Set((ingress.spec.tls ?? []).flatMap(({ hosts = [] }) => hosts));
  return (ingress.spec.rules ?? []).flatMap(({ host = '*', http }) =>
    (http?.paths ?? []).map(({ path = '/', backend }): Address => {
      const name = backend.service?.name ?? '';
      const service = parts.services.find(({ metadata }) => metadata.namespace === project && metadata.name === name);
      const targets = service
        ? targetsOf(service, parts)
        : { apps: [], ready: 0, problem: message('network.noService', { name }) };
      const text = `${host}${path}`;
      const url = host === '*' ? undefined : `${secure.has(host) ? 'https' : 'http'}://${text}`;
      return { key: `${uid}/${text}`, kind: 'host', port: undefined, text, url, project, service: name, ...targets };
    }),
  );
}

/** The apps behind a service, and why there are none. */
function targetsOf(service: Service, { pods, apps }: NetworkParts): Pick<Address, 'apps' | 'ready' | 'problem'> {
  const { namespace } = service.metadata;
  const { selector } = service.spec;
  // Without a selector someone else says where it leads.
  if (!selector || Object.keys(selector).length === 0) return { apps: [], ready: 0, problem: undefined };
  const chosen = apps.filter(
    ({ project, workload }) =>
      project === namespace && matchesLabels(selector, workload.spec.template.metadata?.labels),
  );
  const targets = pods.filter(
    ({ metadata }) => metadata.namespace === namespace && matchesLabels(selector, metadata.labels),
  );
  const ready = targets.filter(isReady).length;
  return { apps: chosen.map(({ name }) => name), ready, problem: problemOf(chosen, targets, ready) };
}

function problemOf(apps: readonly App[], targets: readonly Pod[], ready: number): Message | undefined {
  if (ready > 0) return undefined;
  if (apps.length === 0 && targets.length === 0) return message('network.matchesNothing');
  if (targets.length === 0) return message('network.stopped');
  return message('network.noneReady');
}

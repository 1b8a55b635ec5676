/** A Service as endpoint controllers see it, and which of its ports a pod serves. */
import type { KubeObject } from '@naru/api/object';
import type { ControllerContext } from '../runtime/define-controller.ts';
import { labelsMatch } from '../runtime/label-selector.ts';
import type { Pod } from '../runtime/pod.ts';
import { services } from '../runtime/resources.ts';

export interface ServicePort {
  name?: string;
  protocol?: string;
  port: number;
  targetPort?: number | string;
  appProtocol?: string;
}

export interface Service extends KubeObject {
  spec: {
    type?: string;
    selector?: Record<string, string>;
    ports?: ServicePort[];
    clusterIP?: string;
    ipFamilies?: ('IPv4' | 'IPv6')[];
    publishNotReadyAddresses?: boolean;
  };
}

export interface EndpointPort {
  name: string;
  port: number;
  protocol: string;
  appProtocol?: string;
}

export const headlessLabel = 'service.kubernetes.io/headless';

export const isHeadless = ({ spec }: Service): boolean => !spec.clusterIP || spec.clusterIP === 'None';

export const selects = ({ spec }: Service, pod: Pod): boolean =>
  spec.selector !== undefined &&
  Object.keys(spec.selector).length > 0 &&
  labelsMatch(spec.selector, pod.metadata.labels);

/** The keys of the services that select the pod. */
export function* servicesSelecting(pod: Pod, { informers }: ControllerContext): Iterable<string> {
  const { namespace = '' } = pod.metadata;
  for (const service of informers.for<Service>(services).inNamespace(namespace)) {
    if (selects(service, pod)) yield `${namespace}/${service.metadata.name}`;
  }
}

/** The number behind a service's target port; undefined when the pod has no port of that name. */
// Like podutil.FindPort: containers first, then those that start before them and stay.
export function targetPort(pod: Pod, { targetPort, port, protocol = 'TCP' }: ServicePort): number | undefined {
  if (targetPort === undefined || targetPort === 0) return port;
  if (typeof targetPort === 'number') return targetPort;
  const sidecars = (pod.spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  for (const { ports = [] } of [...pod.spec.containers, ...sidecars]) {
    const found = ports.find((one) => one.name === targetPort && (one.protocol ?? 'TCP') === protocol);
    if (found) return found.containerPort;
  }
  return undefined;
}

/** The service's ports as this pod serves them; those it does not have are left out. */
export function endpointPorts(service: Service, pod: Pod): EndpointPort[] {
  return (service.spec.ports ?? []).flatMap((servicePort) => {
    const port = targetPort(pod, servicePort);
    const { name = '', protocol = 'TCP', appProtocol } = servicePort;
    return port === undefined ? [] : [{ name, port, protocol, ...(appProtocol && { appProtocol }) }];
  });
}

/** The pod's address of one family. */
export function addressOf(pod: Pod, family: 'IPv4' | 'IPv6'): string | undefined {
  const { podIP, podIPs } = pod.status ?? {};
  const addresses = podIPs?.map(({ ip }) => ip) ?? (podIP ? [podIP] : []);
  return addresses.find((ip) => ip.includes(':') === (family === 'IPv6'));
}

/** The pod's name within a headless service. */
export const hostnameIn = (service: Service, { spec, metadata }: Pod): string | undefined =>
  spec.hostname && spec.subdomain === service.metadata.name && metadata.namespace === service.metadata.namespace
    ? spec.hostname
    : undefined;

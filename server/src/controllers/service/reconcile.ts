/** Gives LoadBalancer Services the addresses of the nodes that serve them. */
// Like staging/src/k8s.io/cloud-provider/controllers/service; there is nothing to clean up, so no finalizer.
import { keyOf } from '@naru/api/client/object-cache';
import { serviceNameLabel, type EndpointSlice } from '../endpoint-slice/slices.ts';
import { withCondition, withoutCondition } from '../runtime/condition.ts';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import type { Pod } from '../runtime/pod.ts';
import { endpointSlices, nodes, pods, services } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import {
  balancedAddresses,
  ingressOf,
  isOurs,
  portConflict,
  type BalancedNode,
  type BalancedService,
} from './load-balancer.ts';

const sliceIndex = 'slices-of-service';
const ourIndex = 'load-balancers';
const portsError = 'LoadBalancerPortsError';
/** Ports come free without anything of the service's own changing. */
const conflictRetry = 10_000;

export const serviceLoadBalancer = defineController({
  name: 'service-lb-controller',
  user: 'system:serviceaccount:kube-system:service-controller',
  component: 'service-controller',
  for: services,
  // One at a time: what one service takes, the next must see as taken.
  workers: 1,
  watches: [
    watching<EndpointSlice>(endpointSlices, ({ metadata: { namespace, labels } }) =>
      labels?.[serviceNameLabel] ? [`${namespace}/${labels[serviceNameLabel]}`] : [],
    ),
    watching<BalancedNode>(nodes, (_, context) => balanced(context).map(keyOf)),
    // A port may have come free for those that wait for it.
    watching<BalancedService>(services, ({ spec }, context) =>
      spec.type === 'LoadBalancer' ? balanced(context).filter(hasPortsError).map(keyOf) : [],
    ),
  ],
  prepare({ informers }) {
    informers.for(pods);
    // Nodes tell of themselves often, and most services are no load balancers.
    informers.for<BalancedService>(services).addIndex(ourIndex, (service) => (isOurs(service) ? [''] : []));
    informers
      .for<EndpointSlice>(endpointSlices)
      .addIndex(sliceIndex, ({ metadata: { namespace, labels } }) => [`${namespace}/${labels?.[serviceNameLabel]}`]);
  },
  reconcile,
});

const balanced = ({ informers }: ControllerContext): BalancedService[] =>
  informers.for<BalancedService>(services).byIndex(ourIndex, '');

async function reconcile(key: string, context: ControllerContext): Promise<{ after?: number } | void> {
  const { informers, events } = context;
  const service = informers.for<BalancedService>(services).get(key);
  if (!service || !isOurs(service)) return;
  const slices = informers.for<EndpointSlice>(endpointSlices).byIndex(sliceIndex, key);
  const known = informers.for<BalancedNode>(nodes).list();
  const addresses = balancedAddresses(service, slices, known);
  const standing = ingressOf(service).map(({ ip }) => ip);
  if (addresses.length === 0 || equalJson(addresses, standing)) return;

  const conflict = portConflict(service, addresses, {
    services: informers.for<BalancedService>(services).list(),
    pods: informers.for<Pod>(pods).list(),
    nodes: known,
    reserved: [...(context.config.reservedPorts ?? []), ...kubeletPorts(known)],
  });
  if (standing.length === 0 && !hasPortsError(service))
    events.event(service, services, 'Normal', 'EnsuringLoadBalancer', 'Ensuring load balancer');
  if (conflict) {
    await tellConflict(service, conflict, context);
    return { after: conflictRetry };
  }
  await setAddresses(service, addresses, context);
  if (standing.length === 0) events.event(service, services, 'Normal', 'EnsuredLoadBalancer', 'Ensured load balancer');
  else events.event(service, services, 'Normal', 'UpdatedLoadBalancer', 'Updated load balancer with new hosts');
}

const kubeletPorts = (known: readonly BalancedNode[]): number[] =>
  known.flatMap(({ status }) => status?.daemonEndpoints?.kubeletEndpoint?.Port ?? []);

const hasPortsError = ({ status }: BalancedService): boolean =>
  status?.conditions?.some(({ type, status }) => type === portsError && status === 'True') ?? false;

/** In the service's condition, and once as an event. */
async function tellConflict(
  service: BalancedService,
  message: string,
  { client, events, clock }: ControllerContext,
): Promise<void> {
  const old = service.status?.conditions?.find(({ type }) => type === portsError);
  if (old?.message === message) return;
  const conditions = withCondition(withoutCondition(service.status?.conditions, portsError), {
    type: portsError,
    status: 'True',
    reason: 'PortsInUse',
    message,
    lastTransitionTime: timestamp(clock.now()),
  });
  await client.for<BalancedService>(services).updateStatus({ ...service, status: { ...service.status, conditions } });
  const text = `Error syncing load balancer: failed to ensure load balancer: ${message}`;
  events.event(service, services, 'Warning', 'SyncLoadBalancerFailed', text);
}

async function setAddresses(
  service: BalancedService,
  addresses: readonly string[],
  { client }: ControllerContext,
): Promise<void> {
  const { conditions: old, ...rest } = service.status ?? {};
  const conditions = withoutCondition(old, portsError);
  const ingress = addresses.map((ip) => ({ ip, ipMode: 'VIP' }));
  const status = { ...rest, ...(conditions.length > 0 && { conditions }), loadBalancer: { ingress } };
  await client.for<BalancedService>(services).updateStatus({ ...service, status });
}

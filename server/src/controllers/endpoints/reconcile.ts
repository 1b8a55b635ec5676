/** Keeps the Endpoints object of every service with a selector, for clients that do not know EndpointSlices. */
// Like pkg/controller/endpoint.
import { splitKey } from '@naru/api/client/object-cache';
import { isNotFound } from '@naru/api/status';
import { headlessLabel, isHeadless, selects, servicesSelecting, type Service } from '../endpoint-slice/service.ts';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { equalJson } from '../runtime/equal-json.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import type { Pod } from '../runtime/pod.ts';
import { endpoints as endpointsResource, pods, services } from '../runtime/resources.ts';
import { overCapacityAnnotation, subsetsOf, withinCapacity, type Endpoints } from './subsets.ts';

const managedByLabel = 'endpoints.kubernetes.io/managed-by';

export const endpoints = defineController({
  name: 'endpoint-controller',
  for: services,
  watches: [
    watching<Pod>(pods, servicesSelecting),
    watching(endpointsResource, ({ metadata: { namespace, name } }) => [`${namespace}/${name}`]),
  ],
  reconcile,
});

async function reconcile(key: string, { client, informers, events }: ControllerContext): Promise<void> {
  const { namespace = '', name } = splitKey(key);
  const service = informers.for<Service>(services).get(key);
  const current = informers.for<Endpoints>(endpointsResource).get(key);
  const written = client.for<Endpoints>(endpointsResource);
  if (!service) {
    if (current?.metadata.labels?.[managedByLabel] !== 'endpoint-controller') return;
    await written.delete(name, namespace).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
    return;
  }
  if (!service.spec.selector || service.metadata.deletionTimestamp) return;
  const selected = informers
    .for<Pod>(pods)
    .inNamespace(namespace)
    .filter((pod) => selects(service, pod));
  const wanted = endpointsFor(service, selected, current);
  if (current && equalJson(current, wanted)) return;
  try {
    await (current ? written.update(wanted) : written.create(wanted));
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    const doing = current ? 'update' : 'create';
    const reason = current ? 'FailedToUpdateEndpoint' : 'FailedToCreateEndpoint';
    const message = `Failed to ${doing} endpoint ${key}: ${(error as Error).message}`;
    events.event(service, services, 'Warning', reason, message);
    throw error;
  }
}

function endpointsFor(service: Service, selected: readonly Pod[], current: Endpoints | undefined): Endpoints {
  const { name, namespace, labels } = service.metadata;
  const { subsets, truncated } = withinCapacity(subsetsOf(service, selected));
  const { [overCapacityAnnotation]: _, ...kept } = current?.metadata.annotations ?? {};
  const annotations = truncated ? { ...kept, [overCapacityAnnotation]: 'truncated' } : kept;
  const { [headlessLabel]: __, ...own } = labels ?? {};
  const { annotations: ___, ...metadata } = current?.metadata ?? {};
  const { subsets: ____, ...rest } = current ?? { apiVersion: 'v1', kind: 'Endpoints' };
  return {
    ...rest,
    metadata: {
      ...metadata,
      ...(name && { name }),
      ...(namespace && { namespace }),
      labels: { ...own, [managedByLabel]: 'endpoint-controller', ...(isHeadless(service) && { [headlessLabel]: '' }) },
      ...(Object.keys(annotations).length && { annotations }),
    },
    ...(subsets.length && { subsets }),
  };
}

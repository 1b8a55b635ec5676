/** Mirrors Endpoints that people keep by hand, for services without a selector, into EndpointSlices. */
// Like pkg/controller/endpointslicemirroring.
import { isNotFound } from '@naru/api/status';
import type { Endpoints } from '../endpoints/subsets.ts';
import type { Service } from '../endpoint-slice/service.ts';
import { managedByLabel, serviceNameLabel, type EndpointSlice } from '../endpoint-slice/slices.ts';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { endpoints as endpointsResource, endpointSlices, services } from '../runtime/resources.ts';
import { isLeftAlone, mirroringController, planMirror } from './mirrored-slices.ts';

const index = 'mirrored-slices-of-service';

const mirrored = ({ metadata: { labels, namespace } }: EndpointSlice): string[] =>
  labels?.[managedByLabel] === mirroringController ? [`${namespace}/${labels[serviceNameLabel]}`] : [];

export const endpointSliceMirroring = defineController({
  name: 'endpointslice-mirroring-controller',
  user: 'system:serviceaccount:kube-system:endpointslicemirroring-controller',
  component: 'endpoint-slice-mirroring-controller',
  for: endpointsResource,
  watches: [
    watching<Service>(services, ({ metadata: { namespace, name } }) => [`${namespace}/${name}`]),
    watching<EndpointSlice>(endpointSlices, mirrored),
  ],
  prepare: ({ informers }) => informers.for<EndpointSlice>(endpointSlices).addIndex(index, mirrored),
  reconcile,
});

async function reconcile(key: string, { client, informers, events }: ControllerContext): Promise<void> {
  const endpoints = informers.for<Endpoints>(endpointsResource).get(key);
  const service = informers.for<Service>(services).get(key);
  const existing = informers
    .for<EndpointSlice>(endpointSlices)
    .byIndex(index, key)
    .filter(({ metadata }) => !metadata.deletionTimestamp);
  const isShown =
    endpoints && !endpoints.metadata.deletionTimestamp && !isLeftAlone(endpoints) && service && !service.spec.selector;
  const changes = isShown ? planMirror(endpoints, existing) : { create: [], update: [], delete: existing };
  const slices = client.for<EndpointSlice>(endpointSlices);
  try {
    for (const slice of changes.create) await slices.create(slice);
    for (const slice of changes.update) await slices.update(slice);
    for (const { metadata } of changes.delete) await slices.delete(metadata.name ?? '', metadata.namespace);
  } catch (error) {
    if (isNotFound(error) || isNamespaceTerminating(error)) return;
    if (endpoints) {
      const message = `Error updating Endpoint Slices for Endpoints ${key}: ${(error as Error).message}`;
      events.event(endpoints, endpointsResource, 'Warning', 'FailedToUpdateEndpointSlices', message);
    }
    throw error;
  }
}

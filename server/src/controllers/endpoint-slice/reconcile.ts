/** Keeps the EndpointSlices of every service with a selector. */
// Like pkg/controller/endpointslice.
import { splitKey } from '@naru/api/client/object-cache';
import { isNotFound } from '@naru/api/status';
import type { KubeObject } from '@naru/api/object';
import { isNamespaceTerminating } from '../runtime/pod-control.ts';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import type { Pod } from '../runtime/pod.ts';
import { endpointSlices, nodes, pods, services } from '../runtime/resources.ts';
import { selects, servicesSelecting, type Service } from './service.ts';
import { controllerName, managedByLabel, planSlices, serviceNameLabel, type EndpointSlice } from './slices.ts';

const index = 'managed-slices-of-service';

export const endpointSlice = defineController({
  name: 'endpointslice-controller',
  component: 'endpoint-slice-controller',
  for: services,
  watches: [
    watching<Pod>(pods, servicesSelecting),
    watching<EndpointSlice>(endpointSlices, ({ metadata }) => {
      const service = metadata.labels?.[serviceNameLabel];
      return service && metadata.labels?.[managedByLabel] === controllerName
        ? [`${metadata.namespace}/${service}`]
        : [];
    }),
  ],
  prepare({ informers }) {
    informers.for(nodes);
    informers.for<EndpointSlice>(endpointSlices).addIndex(index, ({ metadata: { labels, namespace } }) => {
      return labels?.[managedByLabel] === controllerName ? [`${namespace}/${labels[serviceNameLabel]}`] : [];
    });
  },
  reconcile,
});

async function reconcile(key: string, { client, informers, events }: ControllerContext): Promise<void> {
  const service = informers.for<Service>(services).get(key);
  if (!service?.spec.selector || service.metadata.deletionTimestamp) return;
  const { namespace = '' } = splitKey(key);
  const selected = informers
    .for<Pod>(pods)
    .inNamespace(namespace)
    .filter((pod) => selects(service, pod));
  const known = informers.for<EndpointSlice>(endpointSlices).byIndex(index, key);
  const existing = known.filter(({ metadata }) => !metadata.deletionTimestamp);
  const zoneOf = (name: string) => {
    const node = informers.for<KubeObject>(nodes).get(name);
    const zone = node?.metadata.labels?.['topology.kubernetes.io/zone'];
    return node && (zone ? { zone } : {});
  };
  const slices = client.for<EndpointSlice>(endpointSlices);
  const families = service.spec.ipFamilies ?? ['IPv4'];
  const strange = existing.filter(({ addressType }) => !families.some((family) => family === addressType));
  try {
    for (const family of families) {
      const current = existing.filter(({ addressType }) => addressType === family);
      const changes = planSlices(service, selected, current, family, { zoneOf });
      for (const slice of changes.create) await slices.create(slice);
      for (const slice of changes.update) await slices.update(slice);
      for (const slice of changes.delete) await remove(slice);
    }
    for (const slice of strange) await remove(slice);
  } catch (error) {
    if (isNamespaceTerminating(error)) return;
    const message = `Error updating Endpoint Slices for Service ${key}: ${(error as Error).message}`;
    events.event(service, services, 'Warning', 'FailedToUpdateEndpointSlices', message);
    throw error;
  }

  async function remove({ metadata: { name = '' } }: EndpointSlice): Promise<void> {
    await slices.delete(name, namespace).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}

/** Keeps an IPAddress for each address that a service has, so that `kubectl get ipaddresses` tells who has which. */
// Like pkg/registry/core/service/ipallocator, which writes them, and its repair loop.
import { ipFamily } from '@naru/api/ip-addresses';
import type { KubeObject } from '@naru/api/object';
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import { defineController, watching, type ControllerContext } from '../runtime/define-controller.ts';
import { ipAddresses, services } from '../runtime/resources.ts';

interface Service extends KubeObject {
  spec?: { clusterIPs?: string[] };
}
interface IPAddress extends KubeObject {
  spec?: { parentRef?: { group?: string; resource?: string; namespace?: string; name?: string } };
}

const managedBy = 'ipaddress.kubernetes.io/managed-by';
const allocator = 'ipallocator.k8s.io';
const byAddress = 'address';

const addressesOf = ({ spec }: Service): string[] => (spec?.clusterIPs ?? []).filter((ip) => ip && ip !== 'None');

/** Its keys are addresses. */
export const serviceAddresses = defineController({
  name: 'service-ip-repair-controller',
  user: 'system:apiserver',
  component: 'ipallocator-repair-controller',
  for: ipAddresses,
  watches: [watching<Service>(services, addressesOf)],
  prepare: ({ informers }) => informers.for<Service>(services).addIndex(byAddress, addressesOf),
  async reconcile(address, context) {
    const [service] = context.informers.for<Service>(services).byIndex(byAddress, address);
    const stored = context.informers.for<IPAddress>(ipAddresses).get(address);
    if (service) return stored ? undefined : write(address, service, context);
    // What people set aside is theirs.
    if (stored?.metadata.labels?.[managedBy] === allocator) await remove(address, context);
  },
});

async function write(address: string, { metadata }: Service, { client }: ControllerContext): Promise<void> {
  const { name = '', namespace = '' } = metadata;
  const labels = { 'ipaddress.kubernetes.io/ip-family': ipFamily(address) ?? '', [managedBy]: allocator };
  try {
    await client.for<IPAddress>(ipAddresses).create({
      metadata: { name: address, labels },
      spec: { parentRef: { group: '', resource: 'services', namespace, name } },
    });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

async function remove(address: string, { client }: ControllerContext): Promise<void> {
  try {
    await client.for<IPAddress>(ipAddresses).delete(address);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

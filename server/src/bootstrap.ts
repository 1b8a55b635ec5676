/** What a cluster begins with, and what it always has. */
// Like kube-apiserver pkg/controlplane and pkg/registry/scheduling/rest.
import type { AnyObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { formatTime } from '@naru/api/time';
import type { Api } from './verbs/api.ts';
import { create } from './verbs/create.ts';
import { get } from './verbs/get.ts';
import { placeObject } from './verbs/prepare.ts';
import { update } from './verbs/update.ts';

const user = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };
const settings = { subresource: '', user, dryRun: false, fieldManager: 'kube-apiserver', warn: () => {} };

/** Where the API itself is reached. */
export interface ApiAddress {
  readonly address: string;
  readonly port: number;
  readonly family: 'IPv4' | 'IPv6';
}

export async function bootstrap(api: Api, endpoint: ApiAddress): Promise<void> {
  for (const name of ['kube-system', 'kube-public', 'kube-node-lease', 'default']) {
    await ensure(api, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  }
  for (const object of priorityClasses) await ensure(api, object);
  await ensure(api, localPathClass);
  await ensureServiceRange(api);
  await ensure(api, kubernetesService(api, endpoint.port));
  // A loopback address would lead every pod to itself.
  if (isLoopback(endpoint.address)) return;
  await replace(api, kubernetesEndpoints(endpoint));
  await replace(api, kubernetesEndpointSlice(endpoint));
}

/** The range services get their addresses from, and that it is ready. */
// Like pkg/controlplane/controller/defaultservicecidr.
async function ensureServiceRange(api: Api): Promise<void> {
  const wanted = {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'ServiceCIDR',
    metadata: { name: 'kubernetes', finalizers: ['networking.k8s.io/service-cidr-finalizer'] },
    spec: { cidrs: [api.services.range] },
  };
  const target = targetOf(api, wanted);
  if (!target) return;
  await ensure(api, wanted);
  const { object: stored } = get(target, api);
  if (stored['status'] && Object.keys(stored['status']).length) return;
  const ready = {
    ...{ type: 'Ready', status: 'True', reason: '', message: 'Kubernetes Service CIDR is ready' },
    lastTransitionTime: formatTime(api.clock.now()),
  };
  const object = { ...structuredClone(stored), status: { conditions: [ready] } };
  await update({ ...target, subresource: 'status', object }, api);
}

const isLoopback = (address: string) => address.startsWith('127.') || address === '::1';

const priorityClasses: readonly AnyObject[] = [
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'system-node-critical' },
    value: 2_000_001_000,
    description: 'Used for system critical pods that must not be moved from their current node.',
  },
  {
    apiVersion: 'scheduling.k8s.io/v1',
    kind: 'PriorityClass',
    metadata: { name: 'system-cluster-critical' },
    value: 2_000_000_000,
    description:
      'Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.',
  },
];

/** Claims that name no class get a directory of the node their pod runs on. */
const localPathClass: AnyObject = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: {
    name: 'local-path',
    annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
  },
  provisioner: 'naru.dev/local-path',
  reclaimPolicy: 'Delete',
  volumeBindingMode: 'WaitForFirstConsumer',
};

const kubernetesService = (api: Api, port: number): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: 'kubernetes',
    namespace: 'default',
    labels: { component: 'apiserver', provider: 'kubernetes' },
  },
  spec: {
    type: 'ClusterIP',
    clusterIP: api.services.firstAddress,
    ports: [{ name: 'https', protocol: 'TCP', port: 443, targetPort: port }],
    sessionAffinity: 'None',
  },
});

/** For those who do not know slices. */
const kubernetesEndpoints = ({ address, port }: ApiAddress): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Endpoints',
  metadata: {
    name: 'kubernetes',
    namespace: 'default',
    labels: { 'endpointslice.kubernetes.io/skip-mirror': 'true' },
  },
  subsets: [{ addresses: [{ ip: address }], ports: [{ name: 'https', port, protocol: 'TCP' }] }],
});

const kubernetesEndpointSlice = ({ address, port, family }: ApiAddress): AnyObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: 'kubernetes',
    namespace: 'default',
    labels: { 'kubernetes.io/service-name': 'kubernetes' },
  },
  addressType: family,
  endpoints: [{ addresses: [address], conditions: { ready: true } }],
  ports: [{ name: 'https', protocol: 'TCP', port }],
});

export function targetOf(api: Api, object: AnyObject) {
  const [version = '', group = ''] = (object.apiVersion ?? '').split('/').reverse();
  const kind = api.catalog.byKind({ group, version, kind: object.kind ?? '' });
  const { name = '', namespace = '' } = object.metadata;
  return kind && { kind, name, namespace, ...settings };
}

export async function ensure(api: Api, wanted: AnyObject): Promise<void> {
  const target = targetOf(api, wanted);
  // Looked for first: a Service that stands there already holds the address that another would be refused for.
  if (!target || isThere(api, target)) return;
  const object = structuredClone(wanted);
  target.kind.setDefaults?.(object);
  await create({ ...target, object }, api);
}

function isThere(api: Api, target: NonNullable<ReturnType<typeof targetOf>>): boolean {
  try {
    get(target, api);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Creates the object, or makes the one that stands there the same: an address may have changed since the last start. */
async function replace(api: Api, wanted: AnyObject): Promise<void> {
  await ensure(api, wanted);
  const target = targetOf(api, wanted);
  if (!target) return;
  const { uid, creationTimestamp, managedFields } = get(target, api).object.metadata;
  const object = structuredClone(wanted);
  Object.assign(object.metadata, { uid, creationTimestamp, managedFields });
  placeObject(object, target.kind, target.namespace);
  target.kind.setDefaults?.(object);
  await update({ ...target, object }, api);
}

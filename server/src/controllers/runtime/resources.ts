/** The names on the wire of the kinds that controllers read and write. */
import type { ResourceRef } from '@naru/api/client/client';

const define = (group: string, kind: string, plural: string, scope: ResourceRef['scope'] = 'Namespaced'): ResourceRef =>
  Object.freeze({ group, version: 'v1', kind, plural, scope });

export const pods = define('', 'Pod', 'pods');
export const services = define('', 'Service', 'services');
export const endpoints = define('', 'Endpoints', 'endpoints');
export const nodes = define('', 'Node', 'nodes', 'Cluster');
export const namespaces = define('', 'Namespace', 'namespaces', 'Cluster');
export const secrets = define('', 'Secret', 'secrets');
export const configMaps = define('', 'ConfigMap', 'configmaps');
export const serviceAccounts = define('', 'ServiceAccount', 'serviceaccounts');
export const events = define('', 'Event', 'events');
export const replicationControllers = define('', 'ReplicationController', 'replicationcontrollers');
export const persistentVolumeClaims = define('', 'PersistentVolumeClaim', 'persistentvolumeclaims');
export const persistentVolumes = define('', 'PersistentVolume', 'persistentvolumes', 'Cluster');
export const resourceQuotas = define('', 'ResourceQuota', 'resourcequotas');
export const deployments = define('apps', 'Deployment', 'deployments');
export const replicaSets = define('apps', 'ReplicaSet', 'replicasets');
export const statefulSets = define('apps', 'StatefulSet', 'statefulsets');
export const daemonSets = define('apps', 'DaemonSet', 'daemonsets');
export const controllerRevisions = define('apps', 'ControllerRevision', 'controllerrevisions');
export const jobs = define('batch', 'Job', 'jobs');
export const cronJobs = define('batch', 'CronJob', 'cronjobs');
export const endpointSlices = define('discovery.k8s.io', 'EndpointSlice', 'endpointslices');
export const ipAddresses = define('networking.k8s.io', 'IPAddress', 'ipaddresses', 'Cluster');
export const leases = define('coordination.k8s.io', 'Lease', 'leases');
export const podDisruptionBudgets = define('policy', 'PodDisruptionBudget', 'poddisruptionbudgets');
export const storageClasses = define('storage.k8s.io', 'StorageClass', 'storageclasses', 'Cluster');
export const horizontalPodAutoscalers: ResourceRef = {
  ...define('autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers'),
  version: 'v2',
};
export const podMetrics: ResourceRef = { ...define('metrics.k8s.io', 'PodMetrics', 'pods'), version: 'v1beta1' };

export const apiVersionOf = ({ group, version }: ResourceRef): string => (group ? `${group}/${version}` : version);

/** What a pod's writer may leave out. */
// Like SetDefaults_Pod, SetDefaults_PodSpec and those of its parts in pkg/apis/core/v1/defaults.go.
import type { V1HTTPGetAction, V1ObjectFieldSelector } from '@kubernetes/client-node';
import type { Fields } from '../../fields.ts';
import { isOvercommitAllowed, isSupportedPodLevelResource } from '../resource-names.ts';
import { defaultPullPolicy } from './image-tag.ts';
import { aggregateContainerRequests } from './pod-resources.ts';
import { addQuantities, roundUpToMilli } from '../../quantities.ts';
import type { Container, Pod, PodSpec, Probe, Resources, Volume } from './pod-fields.ts';
import { setClaimSpecDefaults } from '../claim-spec.ts';

/** For a pod, not for templates: some defaults materialise only here. */
export function setPodDefaults(pod: Pod): void {
  const spec = (pod.spec ??= {});
  if (pod.status) syncAddresses(pod.status);
  setPodSpecDefaults(spec);
  for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
    setRequestsFromLimits((container.resources ??= {}));
  setPodLevelResources(spec);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork)
    for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
      for (const port of container.ports ?? []) if (!port.hostPort) setIf(port, 'hostPort', port.containerPort);
}

// One address and the list of addresses say the same; the single field leads. Like Convert_v1_PodStatus_To_core_PodStatus.
function syncAddresses(status: NonNullable<Pod['status']>): void {
  const { podIP, podIPs = [] } = status;
  if (podIP && podIPs[0]?.ip !== podIP) status.podIPs = [{ ip: podIP }];
  else if (!podIP && podIPs[0]?.ip) status.podIP = podIPs[0].ip;
}

const setIf = <Target extends object, Key extends keyof Target>(
  target: Target,
  key: Key,
  value: Target[Key] | undefined,
) => {
  if (value !== undefined) target[key] = value;
};

/** For pods and for the templates inside other kinds. */
export function setPodSpecDefaults(spec: PodSpec): void {
  spec.dnsPolicy ||= 'ClusterFirst';
  spec.restartPolicy ||= 'Always';
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ||= 'default-scheduler';
  syncServiceAccount(spec);
  roundList(spec.overhead);
  roundResources(spec.resources);
  for (const volume of spec.volumes ?? []) setVolumeDefaults(volume);
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const)
    for (const container of spec[list] ?? []) setContainerDefaults(container);
}

// The deprecated field says the same as its successor, and yields to it. Like Convert_v1_PodSpec_To_core_PodSpec.
function syncServiceAccount(spec: PodSpec): void {
  const name = spec.serviceAccountName || spec.serviceAccount;
  if (!name) return;
  spec.serviceAccountName = name;
  spec.serviceAccount = name;
}

function setContainerDefaults(container: Container): void {
  container.imagePullPolicy ||= defaultPullPolicy(container.image ?? '');
  container.terminationMessagePath ||= '/dev/termination-log';
  container.terminationMessagePolicy ||= 'File';
  for (const port of container.ports ?? []) port.protocol ||= 'TCP';
  for (const { valueFrom } of container.env ?? []) {
    setFieldReferenceDefaults(valueFrom?.fieldRef);
    if (valueFrom?.fileKeyRef) valueFrom.fileKeyRef.optional ??= false;
  }
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe])
    if (probe) setProbeDefaults(probe);
  for (const hook of [container.lifecycle?.postStart, container.lifecycle?.preStop]) setHTTPGetDefaults(hook?.httpGet);
  roundResources(container.resources);
}

function setProbeDefaults(probe: Probe): void {
  probe.timeoutSeconds ||= 1;
  probe.periodSeconds ||= 10;
  probe.successThreshold ||= 1;
  probe.failureThreshold ||= 3;
  setHTTPGetDefaults(probe.httpGet);
  if (probe.grpc) probe.grpc.service ??= '';
}

function setHTTPGetDefaults(action: Fields<V1HTTPGetAction> | undefined): void {
  if (!action) return;
  action.path ||= '/';
  action.scheme ||= 'HTTP';
}

function setFieldReferenceDefaults(reference: Fields<V1ObjectFieldSelector> | undefined): void {
  if (reference) reference.apiVersion ||= 'v1';
}

const fileMode = 0o644;

function setVolumeDefaults(volume: Volume): void {
  const { name: _name, ...source } = volume;
  if (Object.values(source).every((value) => value === undefined || value === null)) volume.emptyDir = {};
  if (volume.hostPath) volume.hostPath.type ??= '';
  for (const files of [volume.configMap, volume.secret, volume.downwardAPI, volume.projected])
    if (files) files.defaultMode ??= fileMode;
  for (const { fieldRef } of volume.downwardAPI?.items ?? []) setFieldReferenceDefaults(fieldRef);
  for (const source of volume.projected?.sources ?? []) {
    for (const { fieldRef } of source.downwardAPI?.items ?? []) setFieldReferenceDefaults(fieldRef);
    if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
  }
  if (volume.image) volume.image.pullPolicy ||= defaultPullPolicy(volume.image.reference ?? '');
  if (volume.ephemeral?.volumeClaimTemplate) setClaimSpecDefaults((volume.ephemeral.volumeClaimTemplate.spec ??= {}));
  setNetworkVolumeDefaults(volume);
}

/** For volumes of pods and persistent volumes alike. */
export function setNetworkVolumeDefaults({
  iscsi,
  rbd,
  azureDisk,
  scaleIO,
}: Pick<Volume, 'azureDisk'> & Defaulted): void {
  if (iscsi) iscsi.iscsiInterface ||= 'default';
  if (rbd) {
    rbd.pool ||= 'rbd';
    rbd.user ||= 'admin';
    rbd.keyring ||= '/etc/ceph/keyring';
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= 'ReadWrite';
    azureDisk.kind ??= 'Shared';
    azureDisk.fsType ??= 'ext4';
    azureDisk.readOnly ??= false;
  }
  if (scaleIO) {
    scaleIO.storageMode ||= 'ThinProvisioned';
    scaleIO.fsType ||= 'xfs';
  }
}

/** What sources of pods and of persistent volumes have in common of what has defaults. */
interface Defaulted {
  iscsi?: { iscsiInterface?: string };
  rbd?: { pool?: string; user?: string; keyring?: string };
  scaleIO?: { storageMode?: string; fsType?: string };
}

function setRequestsFromLimits(resources: Resources): void {
  const missing = Object.entries(resources.limits ?? {}).filter(
    ([name]) => !Object.hasOwn(resources.requests ?? {}, name),
  );
  if (missing.length)
    resources.requests = Object.fromEntries([...Object.entries(resources.requests ?? {}), ...missing]);
}

// Like defaultHugePagePodLimits, defaultPodRequests and defaultPodLimits.
function setPodLevelResources(spec: PodSpec): void {
  const { resources } = spec;
  if (!resources) return;
  const containerRequests = aggregateContainerRequests(spec);
  setHugePageLimits(resources, spec);
  if (Object.keys(resources.limits ?? {}).length) {
    const requests = new Map(Object.entries(resources.requests ?? {}));
    for (const [name, quantity] of containerRequests)
      if (!requests.has(name) && isSupportedPodLevelResource(name) && isOvercommitAllowed(name))
        requests.set(name, quantity);
    for (const [name, quantity] of Object.entries(resources.limits ?? {}))
      if (!requests.has(name) && isSupportedPodLevelResource(name)) requests.set(name, quantity);
    if (requests.size) resources.requests = Object.fromEntries(requests);
  }
  setLimitsFromContainers(resources, spec);
}

function setHugePageLimits(resources: Resources, spec: PodSpec): void {
  if (!Object.keys(resources.limits ?? {}).length && !Object.keys(resources.requests ?? {}).length) return;
  const totals = new Map<string, string>();
  for (const { resources: own } of spec.containers ?? [])
    for (const [name, quantity] of Object.entries(own?.limits ?? {}))
      if (name.startsWith('hugepages-')) totals.set(name, addQuantities(totals.get(name) ?? '0', quantity));
  const missing = [...totals].filter(([name]) => !Object.hasOwn(resources.limits ?? {}, name));
  if (missing.length) resources.limits = Object.fromEntries([...Object.entries(resources.limits ?? {}), ...missing]);
}

// When requests stand for the pod and every container has a limit, the pod's limit is their sum.
function setLimitsFromContainers(resources: Resources, spec: PodSpec): void {
  if (!Object.keys(resources.requests ?? {}).length) return;
  const containers = spec.containers ?? [];
  for (const name of ['cpu', 'memory']) {
    if (Object.hasOwn(resources.limits ?? {}, name)) continue;
    const limits = containers.map(({ resources: own }) => own?.limits?.[name]);
    if (!limits.length || limits.some((limit) => limit === undefined)) continue;
    const total = limits.reduce<string>((sum, limit) => addQuantities(sum, limit ?? '0'), '0');
    resources.limits = { ...resources.limits, [name]: total };
  }
}

function roundResources(resources: Resources | undefined): void {
  roundList(resources?.limits);
  roundList(resources?.requests);
}

/** Quantities in a list of resources are kept to a thousandth. Like SetDefaults_ResourceList. */
export function roundList(list: Record<string, string> | undefined): void {
  for (const [name, quantity] of Object.entries(list ?? {})) if (list) list[name] = roundUpToMilli(quantity);
}

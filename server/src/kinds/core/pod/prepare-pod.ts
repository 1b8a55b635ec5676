/** What the server itself sets in a pod, and which parts each way of writing may touch. */
// Like the strategies of pkg/registry/core/pod.
import type { V1LabelSelector } from '@kubernetes/client-node';
import type { Fields } from '../../fields.ts';
import { appArmorPrefix } from './annotations.ts';
import { containersWithPath } from './pod-fields.ts';
import type { Container, Pod, PodSpec } from './pod-fields.ts';
import { qosClass } from './qos-class.ts';

export function prepareNewPod(pod: Pod, now: number): void {
  const spec = (pod.spec ??= {});
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  dropDisabledFields(spec);
  applyMatchLabelKeys(pod);
  applyAppArmorAnnotations(pod);
  pod.status = { phase: 'Pending', qosClass: qosClass(spec) };
  if (!spec.schedulingGates?.length) return;
  pod.status.conditions = [
    {
      // Written as null until a probe was made.
      ...({ lastProbeTime: null } as object),
      type: 'PodScheduled',
      status: 'False',
      reason: 'SchedulingGated',
      message: 'Scheduling is blocked due to non-empty scheduling gates',
      lastTransitionTime: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'),
    },
  ];
}

export function preparePodUpdate(pod: Pod, old: Pod, subresource: string): void {
  if (subresource === 'status') return prepareStatus(pod, old);
  if (subresource === 'ephemeralcontainers') keepAllBut(pod, old, withEphemeralContainers);
  else if (subresource === 'resize') keepAllBut(pod, old, withResources);
  dropDisabledFields(pod.spec ?? {});
  if (old.status) pod.status = old.status;
  else delete pod.status;
}

function prepareStatus(pod: Pod, old: Pod): void {
  if (old.spec) pod.spec = old.spec;
  else delete pod.spec;
  if (old.metadata.ownerReferences) pod.metadata.ownerReferences = old.metadata.ownerReferences;
  else delete pod.metadata.ownerReferences;
  delete pod.metadata.deletionTimestamp;
  if (old.metadata.deletionTimestamp) pod.metadata.deletionTimestamp = old.metadata.deletionTimestamp;
  const status = (pod.status ??= {});
  if (!status.qosClass && old.status?.qosClass) status.qosClass = old.status.qosClass;
}

/** The old pod, but for what `change` takes from the new one. */
function keepAllBut(pod: Pod, old: Pod, change: (kept: PodSpec, wanted: PodSpec) => void): void {
  const wanted = pod.spec ?? {};
  const kept = structuredClone(old.spec ?? {});
  change(kept, wanted);
  pod.spec = kept;
}

function withEphemeralContainers(kept: PodSpec, { ephemeralContainers }: PodSpec): void {
  if (ephemeralContainers) kept.ephemeralContainers = ephemeralContainers;
  else delete kept.ephemeralContainers;
}

function withResources(kept: PodSpec, wanted: PodSpec): void {
  for (const list of ['containers', 'initContainers'] as const)
    for (const container of kept[list] ?? []) {
      const given = wanted[list]?.find(({ name }) => name === container.name);
      if (!given) continue;
      container.resources = given.resources ?? {};
      if (given.resizePolicy) container.resizePolicy = given.resizePolicy;
      else delete container.resizePolicy;
    }
  if (wanted.resources) kept.resources = wanted.resources;
}

/** Fields of features that are off by default are dropped, here as there. */
export function dropDisabledFields(spec: PodSpec): void {
  delete spec.schedulingGroup;
  for (const { container } of containersWithPath(spec, '')) dropStopSignal(container);
  for (const { projected } of spec.volumes ?? [])
    for (const source of projected?.sources ?? []) {
      delete source.clusterTrustBundle;
      delete source.podCertificate;
    }
}

function dropStopSignal(container: Container): void {
  if (container.lifecycle?.stopSignal === undefined) return;
  delete container.lifecycle.stopSignal;
  if (!Object.keys(container.lifecycle).length) delete container.lifecycle;
}

/** matchLabelKeys stand for the pod's own values of those labels. */
function applyMatchLabelKeys({ metadata, spec = {} }: Pod): void {
  const labels = new Map(Object.entries(metadata.labels ?? {}));
  const require = (selector: Fields<V1LabelSelector>, keys: readonly string[], operator: 'In' | 'NotIn') => {
    for (const key of keys) {
      const value = labels.get(key);
      if (value !== undefined)
        selector.matchExpressions = [...(selector.matchExpressions ?? []), { key, operator, values: [value] }];
    }
  };
  for (const { labelSelector, matchLabelKeys = [] } of spec.topologySpreadConstraints ?? [])
    if (labelSelector) require(labelSelector, matchLabelKeys, 'In');
  for (const affinity of [spec.affinity?.podAffinity, spec.affinity?.podAntiAffinity]) {
    const terms = [
      ...(affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []),
      ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map((term) => term.podAffinityTerm ?? {}),
    ];
    for (const { labelSelector, matchLabelKeys = [], mismatchLabelKeys = [] } of terms) {
      if (!labelSelector) continue;
      require(labelSelector, matchLabelKeys, 'In');
      require(labelSelector, mismatchLabelKeys, 'NotIn');
    }
  }
}

/** The old way of naming an AppArmor profile is turned into the field. Like applyAppArmorVersionSkew. */
function applyAppArmorAnnotations({ metadata: { annotations }, spec = {} }: Pod): void {
  if (!annotations || spec.os?.name === 'windows') return;
  for (const { container } of containersWithPath(spec, '')) {
    const key = `${appArmorPrefix}${container.name}`;
    if (!Object.hasOwn(annotations, key) || container.securityContext?.appArmorProfile) continue;
    const profile = profileOf(annotations[key] ?? '');
    if (profile) container.securityContext = { ...container.securityContext, appArmorProfile: profile };
  }
}

function profileOf(annotation: string) {
  if (annotation === 'unconfined') return { type: 'Unconfined' };
  if (annotation === 'runtime/default') return { type: 'RuntimeDefault' };
  const localhost = 'localhost/';
  const localhostProfile = annotation.startsWith(localhost) ? annotation.slice(localhost.length) : '';
  return localhostProfile ? { type: 'Localhost', localhostProfile } : undefined;
}

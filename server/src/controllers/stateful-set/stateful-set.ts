/** A StatefulSet as the loop sees it, and the names and shape of what belongs to one ordinal. */
import type { KubeObject, LabelSelector, ObjectMeta } from '@naru/api/object';
import type { Condition } from '../runtime/condition.ts';
import { controllerReference } from '../runtime/owners.ts';
import { podFromTemplate } from '../runtime/pod-control.ts';
import type { Pod, PodTemplate, Volume } from '../runtime/pod.ts';
import { statefulSets } from '../runtime/resources.ts';

export interface Claim extends KubeObject {
  spec?: object;
  status?: { phase?: string };
}

export interface StatefulSetStatus {
  replicas: number;
  availableReplicas: number;
  readyReplicas?: number;
  currentReplicas?: number;
  updatedReplicas?: number;
  currentRevision?: string;
  updateRevision?: string;
  observedGeneration?: number;
  collisionCount?: number;
  conditions?: Condition[];
}

export interface StatefulSet extends KubeObject {
  spec: {
    replicas?: number;
    serviceName?: string;
    selector: LabelSelector;
    template: PodTemplate;
    volumeClaimTemplates?: { metadata: ObjectMeta; spec: object }[];
    podManagementPolicy?: string;
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number; maxUnavailable?: number | string } };
    revisionHistoryLimit?: number;
    minReadySeconds?: number;
    ordinals?: { start?: number };
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string };
  };
  status?: StatefulSetStatus;
}

export const podNameLabel = 'statefulset.kubernetes.io/pod-name';
export const podIndexLabel = 'apps.kubernetes.io/pod-index';
export const revisionLabel = 'controller-revision-hash';

export const startOrdinal = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0;

/** The number at the end of a pod's name, if the name is one of this set's. */
export function ordinalOf({ metadata: { name = '' } }: StatefulSet, pod: Pod): number | undefined {
  const podName = pod.metadata.name ?? '';
  const text = podName.slice(name.length + 1);
  const ordinal = Number(text);
  const own = podName.startsWith(`${name}-`) && text.length > 0 && text.length < 11 && String(ordinal) === text;
  return own && Number.isInteger(ordinal) && ordinal >= 0 ? ordinal : undefined;
}

export const claimName = (set: StatefulSet, template: { metadata: ObjectMeta }, ordinal: number): string =>
  `${template.metadata.name}-${set.metadata.name}-${ordinal}`;

function withClaims(set: StatefulSet, volumes: readonly Volume[], ordinal: number): Volume[] {
  const templates = set.spec.volumeClaimTemplates ?? [];
  const own = templates.map((template) => ({
    name: template.metadata.name ?? '',
    persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
  }));
  return [...own, ...volumes.filter(({ name }) => !own.some((one) => one.name === name))];
}

/** The pod of one ordinal, from the template of the revision it is to have. */
export function podFor(set: StatefulSet, template: PodTemplate, revision: string, ordinal: number): Pod {
  const name = `${set.metadata.name}-${ordinal}`;
  const pod = podFromTemplate(template, { object: set, resource: statefulSets }, name);
  const volumes = withClaims(set, pod.spec.volumes ?? [], ordinal);
  return {
    ...pod,
    metadata: {
      ...pod.metadata,
      generateName: `${set.metadata.name}-`,
      labels: {
        ...pod.metadata.labels,
        [podNameLabel]: name,
        [podIndexLabel]: String(ordinal),
        [revisionLabel]: revision,
      },
    },
    spec: {
      ...pod.spec,
      hostname: name,
      ...(set.spec.serviceName && { subdomain: set.spec.serviceName }),
      ...(volumes.length && { volumes }),
    },
  };
}

/** The claims of one ordinal. */
export function claimsFor(set: StatefulSet, ordinal: number): Claim[] {
  const { namespace } = set.metadata;
  const ownedBySet = set.spec.persistentVolumeClaimRetentionPolicy?.whenDeleted === 'Delete';
  return (set.spec.volumeClaimTemplates ?? []).map((template) => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: {
      name: claimName(set, template, ordinal),
      ...(namespace && { namespace }),
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
      ...(template.metadata.annotations && { annotations: template.metadata.annotations }),
      ...(ownedBySet && { ownerReferences: [controllerReference(set, statefulSets)] }),
    },
    spec: structuredClone(template.spec),
  }));
}

/** Whether a pod still is what its name says, with the volumes of its ordinal. */
// Like identityMatches and storageMatches.
export function isItself(set: StatefulSet, pod: Pod, ordinal: number): boolean {
  const name = pod.metadata.name ?? '';
  const volumes = pod.spec.volumes ?? [];
  return (
    pod.metadata.labels?.[podNameLabel] === name &&
    withClaims(set, [], ordinal).every((wanted) =>
      volumes.some(
        (volume) =>
          volume.name === wanted.name &&
          volume.persistentVolumeClaim?.claimName === wanted.persistentVolumeClaim?.claimName,
      ),
    )
  );
}

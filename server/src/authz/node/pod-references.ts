/** What a pod needs from its namespace: its node may read that and nothing else. */
// Like pkg/api/v1/pod VisitPodSecretNames and VisitPodConfigmapNames, and AddPod of the node authorizer's graph.
import type { V1Pod, V1Volume } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf, type Fields } from '../../kinds/fields.ts';

type Spec = Fields<NonNullable<V1Pod['spec']>>;
type Volume = Fields<V1Volume>;

export const accountOf = (pod: AnyObject): string => fieldsOf<V1Pod>(pod).spec?.serviceAccountName ?? '';

export function claimsOf(pod: AnyObject): string[] {
  const { metadata, spec } = fieldsOf<V1Pod>(pod);
  return (spec?.volumes ?? []).flatMap(({ name = '', persistentVolumeClaim, ephemeral }) => [
    ...(persistentVolumeClaim ? [persistentVolumeClaim.claimName ?? ''] : []),
    ...(ephemeral ? [`${metadata.name ?? ''}-${name}`] : []),
  ]);
}

export function usesConfigMap(pod: AnyObject, name: string): boolean {
  const spec = specOf(pod);
  return (
    (spec.volumes ?? []).some(
      ({ configMap, projected }) =>
        configMap?.name === name || (projected?.sources ?? []).some((source) => source.configMap?.name === name),
    ) ||
    containersOf(spec).some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.configMapKeyRef?.name === name) ||
        envFrom.some(({ configMapRef }) => configMapRef?.name === name),
    )
  );
}

export function usesSecret(pod: AnyObject, name: string): boolean {
  const spec = specOf(pod);
  return (
    (spec.imagePullSecrets ?? []).some((secret) => secret.name === name) ||
    (spec.volumes ?? []).some((volume) => volumeSecrets(volume).includes(name)) ||
    containersOf(spec).some(
      ({ env = [], envFrom = [] }) =>
        env.some(({ valueFrom }) => valueFrom?.secretKeyRef?.name === name) ||
        envFrom.some(({ secretRef }) => secretRef?.name === name),
    )
  );
}

const specOf = (pod: AnyObject): Spec => fieldsOf<V1Pod>(pod).spec ?? {};

const containersOf = ({ containers = [], initContainers = [], ephemeralContainers = [] }: Spec) => [
  ...initContainers,
  ...containers,
  ...ephemeralContainers,
];

function volumeSecrets(volume: Volume): string[] {
  const { secret, projected, azureFile, cephfs, csi, flexVolume, iscsi, rbd, scaleIO, storageos } = volume;
  const names = [
    secret?.secretName,
    azureFile?.secretName,
    csi?.nodePublishSecretRef?.name,
    ...[cephfs, flexVolume, iscsi, rbd, scaleIO, storageos].map((source) => source?.secretRef?.name),
    ...(projected?.sources ?? []).map((source) => source.secret?.name),
  ];
  return names.filter((name) => name !== undefined);
}

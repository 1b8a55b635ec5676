/** Short names for the parts of a pod, as decoded JSON. */
import type {
  V1Affinity,
  V1Container,
  V1EphemeralContainer,
  V1LabelSelector,
  V1Pod,
  V1PodSecurityContext,
  V1PodSpec,
  V1PodTemplateSpec,
  V1Probe,
  V1ResourceRequirements,
  V1SecurityContext,
  V1Volume,
} from '@kubernetes/client-node';
import type { Fields, ObjectFields } from '../../fields.ts';

export type Pod = ObjectFields<V1Pod>;
export type PodSpec = Fields<V1PodSpec>;
export type PodTemplate = Fields<V1PodTemplateSpec>;
export type Container = Fields<V1Container>;
export type EphemeralContainer = Fields<V1EphemeralContainer>;
export type Volume = Fields<V1Volume>;
export type Probe = Fields<V1Probe>;
export type Resources = Fields<V1ResourceRequirements>;
export type SecurityContext = Fields<V1SecurityContext>;
export type PodSecurityContext = Fields<V1PodSecurityContext>;
export type Affinity = Fields<V1Affinity>;
export type LabelSelector = Fields<V1LabelSelector>;

/** What validators of a container must know of the pod around it. */
export interface PodContext {
  /** Valid volumes by name. */
  volumes: ReadonlyMap<string, Volume>;
  /** Names in spec.resourceClaims. */
  claimNames: ReadonlySet<string>;
  gracePeriod: number | undefined;
  restartPolicy: string;
  hostUsers: boolean;
  /** False for a pod template, where a little less is asked. */
  isPod: boolean;
}

/** Every container of a pod with its path: init containers, containers, ephemeral ones, in that order. */
export function containersWithPath(spec: PodSpec, path: string): { container: Container; path: string }[] {
  return (['initContainers', 'containers', 'ephemeralContainers'] as const).flatMap((list) =>
    (spec[list] ?? []).map((container, index) => ({ container, path: `${path}.${list}[${index}]` })),
  );
}

/** An init container that goes on running beside the others. */
export const isSidecar = ({ restartPolicy }: Container): boolean => restartPolicy === 'Always';

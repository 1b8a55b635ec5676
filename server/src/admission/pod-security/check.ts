/** One thing a level looks at in a pod. */
// Like k8s.io/pod-security-admission/policy checks.go.
import type { V1Container, V1Pod } from '@kubernetes/client-node';
import type { Fields } from '../../kinds/fields.ts';

export type PodSpec = Fields<NonNullable<V1Pod['spec']>>;
export type Container = Fields<V1Container>;

export interface PodLike {
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
  readonly containers: readonly Container[];
  /** The number after `1.` of the version asked for. */
  readonly minor: number;
}

export interface Violation {
  readonly reason: string;
  readonly detail: string;
}

export interface Check {
  readonly id: string;
  /** The first version that has it; absent: all. */
  readonly since?: number;
  /** Checks of the lower level that it makes needless. */
  readonly overrides?: readonly string[];
  violation(pod: PodLike): Violation | undefined;
}

/** Those that start before the others come first. */
export const containersOf = ({ initContainers = [], containers = [], ephemeralContainers = [] }: PodSpec) => [
  ...initContainers,
  ...containers,
  ...(ephemeralContainers as Container[]),
];

export const quoted = (words: readonly string[]): string => words.map((word) => JSON.stringify(word)).join(', ');
export const plural = (count: number, one: string, many = `${one}s`): string => (count === 1 ? one : many);
export const sorted = (words: Iterable<string>): string[] => [...new Set(words)].sort();

export const namesWhere = (pod: PodLike, matches: (container: Container) => boolean): string[] =>
  pod.containers.filter(matches).map(({ name = '' }) => name);

/** `container "a"`, `containers "a", "b"`. */
export const containersNamed = (names: readonly string[]): string =>
  `${plural(names.length, 'container')} ${quoted(names)}`;

/** Who set something: the pod, some containers, or both. */
export const setters = (byPod: boolean, containers: readonly string[]): string[] => [
  ...(byPod ? ['pod'] : []),
  ...(containers.length ? [containersNamed(containers)] : []),
];

/** Since 1.35 a pod in a user namespace of its own may be root there. */
export const hasOwnUsers = ({ spec, minor }: PodLike): boolean => minor >= 35 && spec.hostUsers === false;

/** Since 1.25 what only Linux knows is not asked of pods for Windows. */
export const isForWindows = ({ spec, minor }: PodLike): boolean => minor >= 25 && spec.os?.name === 'windows';

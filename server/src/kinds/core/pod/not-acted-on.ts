/** Fields of pods that are accepted and kept, and that nothing in Naru acts on: their writer is told. */
import type { PodSpec, Volume } from './pod-fields.ts';

/** One field, where it stands below a pod's spec, and what comes of it. */
export interface NotActedOn {
  /** `*` is every element of a list. */
  readonly path: string;
  readonly effect: string;
  /** Only this value is not acted on. */
  readonly value?: unknown;
}

const neverMounted = 'Naru has no such volumes; the pod will wait for it';

/** Volume sources that upstream mounts; those that upstream itself no longer mounts are told of by its own warnings. */
const volumeSources: readonly (keyof Volume)[] = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cinder',
  'csi',
  'fc',
  'flexVolume',
  'gcePersistentDisk',
  'image',
  'iscsi',
  'nfs',
  'portworxVolume',
  'vsphereVolume',
];

export const podFieldsNotActedOn: readonly NotActedOn[] = [
  ...volumeSources.map((source) => ({ path: `volumes[*].${source}`, effect: neverMounted })),
  ...['clusterTrustBundle', 'podCertificate'].map((source) => ({
    path: `volumes[*].projected.sources[*].${source}`,
    effect: neverMounted,
  })),
  ...['containers', 'initContainers'].flatMap((list) => [
    { path: `${list}[*].volumeDevices`, effect: 'Naru has no block volumes; the container does not get the device' },
    { path: `${list}[*].resources.claims`, effect: 'Naru does not allocate devices' },
  ]),
  { path: 'resourceClaims', effect: 'Naru does not allocate devices' },
  { path: 'hostUsers', value: false, effect: 'containers of Naru run in the user namespace of the engine' },
  { path: 'runtimeClassName', effect: 'every container runs in the default runtime of the engine' },
  { path: 'schedulingGroup', effect: 'Naru schedules each pod by itself' },
  {
    path: 'securityContext.supplementalGroupsPolicy',
    value: 'Strict',
    effect: 'groups of the image are added all the same',
  },
];

/** A warning for each field of the spec that stands in the list; `path` is the spec's own. */
export const notActedOn = (spec: PodSpec, path: string): string[] =>
  podFieldsNotActedOn.flatMap(({ path: below, effect, value }) =>
    places(spec, below.split('.'), path)
      .filter((place) => (value === undefined ? isSet(place.value) : place.value === value))
      .map((place) => `${place.path}: not acted on: ${effect}`),
  );

interface Place {
  readonly path: string;
  readonly value: unknown;
}

function places(value: unknown, [step, ...rest]: readonly string[], path: string): Place[] {
  if (step === undefined) return [{ path, value }];
  const isList = step.endsWith('[*]');
  const name = isList ? step.slice(0, -3) : step;
  const child = (value as Record<string, unknown> | undefined)?.[name];
  if (child === undefined || child === null) return [];
  if (!isList) return places(child, rest, `${path}.${name}`);
  return (child as unknown[]).flatMap((element, index) => places(element, rest, `${path}.${name}[${index}]`));
}

const isSet = (value: unknown): boolean => value !== undefined && value !== '' && !isEmptyList(value);
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

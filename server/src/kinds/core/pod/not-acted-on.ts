/** Fields of pods that are accepted and kept, and that nothing in Naru acts on: their writer is told. */
import type { PodSpec, Volume } from './pod-fields.ts';

/** One field, where it stands below a pod's spec, and what comes of it. */
export interface NotActedOn {
  /** `*` is every element of a list. */
  readonly path: string;
  readonly effect: string;
  /** Only this value is not acted on. */
  readonly value?: unknown;
  /** Where a field beside it has this value, it is acted on. */
  readonly unless?: { readonly field: string; readonly value: unknown };
}

const neverMounted = 'Naru has no such volumes; the pod will wait for it';

const notMeasured = 'Naru does not measure what is written; nothing is evicted for it';

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
    { path: `${list}[*].resources.limits.ephemeral-storage`, effect: notMeasured },
  ]),
  { path: 'volumes[*].emptyDir.sizeLimit', unless: { field: 'medium', value: 'Memory' }, effect: notMeasured },
  {
    path: 'resources.limits',
    effect: 'the pod is scheduled by it, and its containers are held by their own limits alone',
  },
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
  podFieldsNotActedOn.flatMap(({ path: below, effect, value, unless }) =>
    places(spec, below.split('.'), path)
      .filter((place) => (value === undefined ? isSet(place.value) : place.value === value))
      .filter(({ beside }) => !unless || beside[unless.field] !== unless.value)
      .map((place) => `${place.path}: not acted on: ${effect}`),
  );

interface Place {
  readonly path: string;
  readonly value: unknown;
  /** The object that the field stands in. */
  readonly beside: Fields;
}

type Fields = Readonly<Record<string, unknown>>;

/** Where the steps lead to, from the object at `path`. */
function places(object: object, [step = '', ...rest]: readonly string[], path: string): Place[] {
  const isList = step.endsWith('[*]');
  const name = isList ? step.slice(0, -3) : step;
  const beside = object as Fields;
  const value = beside[name];
  const at = `${path}.${name}`;
  if (value === undefined || value === null) return [];
  if (isList) return (value as object[]).flatMap((element, index) => places(element, rest, `${at}[${index}]`));
  return rest.length ? places(value, rest, at) : [{ path: at, value, beside }];
}

const isSet = (value: unknown): boolean => value !== undefined && value !== '' && !isEmptyList(value);
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

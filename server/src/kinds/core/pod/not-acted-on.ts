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

/** A warning for each field of the spec that stands in the list, in its order; `path` is the spec's own. */
export function notActedOn(spec: PodSpec, path: string): string[] {
  const found: Found[] = [];
  find(spec, steps, path, found);
  return found
    .sort((a, b) => a.place - b.place)
    .map(({ at, place }) => `${at}: not acted on: ${podFieldsNotActedOn[place]!.effect}`);
}

/** The list as a tree of steps, so that one walk over what a pod has finds all of it. */
interface Step {
  readonly below: Map<string, Step>;
  /** Where in the list the path ends here. */
  place?: number;
}

const steps: Step = { below: new Map() };
podFieldsNotActedOn.forEach(({ path }, place) => {
  let step = steps;
  for (const name of path.replaceAll('[*]', '').split('.')) {
    const known = step.below.get(name);
    const next: Step = known ?? { below: new Map() };
    if (!known) step.below.set(name, next);
    step = next;
  }
  step.place = place;
});

interface Found {
  readonly place: number;
  readonly at: string;
}

function find(object: object, { below }: Step, path: string, found: Found[]): void {
  const fields = object as Readonly<Record<string, unknown>>;
  for (const name of Object.keys(fields)) {
    const step = below.get(name);
    const field = fields[name];
    if (!step || field === undefined || field === null) continue;
    const at = `${path}.${name}`;
    if (step.place !== undefined && concerns(podFieldsNotActedOn[step.place]!, field, fields))
      found.push({ place: step.place, at });
    if (step.below.size === 0) continue;
    if (!Array.isArray(field)) find(field, step, at, found);
    else field.forEach((element: object, index) => find(element, step, `${at}[${index}]`, found));
  }
}

function concerns({ value, unless }: NotActedOn, field: unknown, beside: Readonly<Record<string, unknown>>): boolean {
  if (unless && beside[unless.field] === unless.value) return false;
  return value === undefined ? isSet(field) : field === value;
}

const isSet = (value: unknown): boolean => value !== undefined && value !== '' && !isEmptyList(value);
const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Volumes of a pod: each has a name and exactly one source. */
// Like ValidateVolumes and validateVolumeSource of pkg/apis/core/validation.
import { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label, subdomainName } from '@naru/api/names';
import { isNegative } from '../../quantities.ts';
import { validateClaimTemplate } from '../claim-spec.ts';
import { validatePullPolicy } from './containers.ts';
import { validateDownwardFiles, validateProjected } from './projected-volumes.ts';
import { validateKeysToPaths, validateFileMode } from './volume-files.ts';
import { networkSources } from '../volume-sources.ts';
import type { Volume } from './pod-fields.ts';

interface VolumesOfPod {
  /** Absent in templates and before a name was generated. */
  podName: string;
  isPod: boolean;
}

/** Adds what is wrong to `errors`; answers the volumes that are well-formed, by name. */
export function validateVolumes(
  volumes: readonly Volume[],
  { podName, isPod }: VolumesOfPod,
  path: string,
  errors: FieldErrors,
): ReadonlyMap<string, Volume> {
  const created = new Set(
    podName ? volumes.filter(({ ephemeral }) => ephemeral).map(({ name }) => `${podName}-${name}`) : [],
  );
  const valid = new Map<string, Volume>();
  volumes.forEach((volume, index) => {
    const at = `${path}[${index}]`;
    const { name = '', persistentVolumeClaim } = volume;
    const own = new FieldErrors();
    validateSource(volume, { podName, isPod }, at, own);
    if (!name) own.required(`${at}.name`);
    else own.invalidEach(`${at}.name`, name, checkDNS1123Label(name));
    if (valid.has(name)) own.duplicate(`${at}.name`, name);
    if (own.list.length) errors.add(...own.list);
    else valid.set(name, volume);
    const claim = persistentVolumeClaim?.claimName ?? '';
    if (persistentVolumeClaim && created.has(claim))
      errors.invalid(
        `${at}.persistentVolumeClaim.claimName`,
        claim,
        'must not reference a PVC that gets created for an ephemeral volume',
      );
  });
  return valid;
}

type Validate = (volume: Volume, path: string, errors: FieldErrors, pod: VolumesOfPod) => void;
interface Source {
  field: keyof Volume;
  /** Where its errors stand, if not under the field's name. */
  at?: string;
  /** Under which name a second source is refused, if not the field's. */
  refusedAt?: string;
  validate: Validate;
}

const network = <Field extends keyof typeof networkSources>(field: Field): Source => ({
  field,
  ...networkSources[field].place,
  validate(volume, path, errors) {
    const source = volume[field];
    if (source) networkSources[field].validate(source, path, errors);
  },
});

// In the order in which upstream looks: the first wins, the others are too many.
const sources: readonly Source[] = [
  { field: 'emptyDir', validate: validateEmptyDir },
  network('hostPath'),
  network('gitRepo'),
  network('gcePersistentDisk'),
  network('awsElasticBlockStore'),
  { field: 'secret', validate: validateSecret },
  network('nfs'),
  network('iscsi'),
  network('glusterfs'),
  network('flocker'),
  { field: 'persistentVolumeClaim', validate: validateClaim },
  network('rbd'),
  network('cinder'),
  network('cephfs'),
  network('quobyte'),
  { field: 'downwardAPI', refusedAt: 'downwarAPI', validate: validateDownwardAPI },
  network('fc'),
  network('flexVolume'),
  { field: 'configMap', validate: validateConfigMap },
  network('azureFile'),
  network('vsphereVolume'),
  network('photonPersistentDisk'),
  network('portworxVolume'),
  network('azureDisk'),
  network('storageos'),
  { field: 'projected', validate: ({ projected }, path, errors) => validateProjected(projected ?? {}, path, errors) },
  network('scaleIO'),
  { field: 'csi', validate: validateCSI },
  { field: 'ephemeral', validate: validateEphemeral },
  { field: 'image', validate: validateImage },
];

function validateSource(volume: Volume, pod: VolumesOfPod, path: string, errors: FieldErrors): void {
  let found = 0;
  for (const { field, at = field, refusedAt = field, validate } of sources) {
    if (!volume[field]) continue;
    if (found++) errors.forbidden(`${path}.${refusedAt}`, 'may not specify more than 1 volume type');
    else validate(volume, `${path}.${at}`, errors, pod);
    if (field === 'iscsi') validateInitiatorLength(volume, path, errors);
  }
  if (!found) errors.required(path, 'must specify a volume type');
}

function validateInitiatorLength({ name = '', iscsi }: Volume, path: string, errors: FieldErrors): void {
  if (iscsi?.initiatorName !== undefined && Buffer.byteLength(`${name}:${iscsi.targetPortal ?? ''}`) > 64)
    errors.invalid(
      `${path}.name`,
      name,
      'Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.',
    );
}

function validateEmptyDir({ emptyDir }: Volume, path: string, errors: FieldErrors): void {
  if (emptyDir?.sizeLimit !== undefined && isNegative(emptyDir.sizeLimit))
    errors.forbidden(`${path}.sizeLimit`, 'SizeLimit field must be a valid resource quantity');
}

function validateSecret({ secret = {} }: Volume, path: string, errors: FieldErrors): void {
  if (!secret.secretName) errors.required(`${path}.secretName`);
  validateFileMode(secret.defaultMode, `${path}.defaultMode`, errors);
  validateKeysToPaths(secret.items ?? [], `${path}.items`, errors);
}

function validateConfigMap({ configMap = {} }: Volume, path: string, errors: FieldErrors): void {
  if (!configMap.name) errors.required(`${path}.name`);
  validateFileMode(configMap.defaultMode, `${path}.defaultMode`, errors);
  validateKeysToPaths(configMap.items ?? [], `${path}.items`, errors);
}

function validateDownwardAPI({ downwardAPI = {} }: Volume, path: string, errors: FieldErrors): void {
  validateFileMode(downwardAPI.defaultMode, `${path}.defaultMode`, errors);
  validateDownwardFiles(downwardAPI.items ?? [], path, errors);
}

function validateClaim({ persistentVolumeClaim }: Volume, path: string, errors: FieldErrors): void {
  if (!persistentVolumeClaim?.claimName) errors.required(`${path}.claimName`);
}

function validateCSI({ csi = {} }: Volume, path: string, errors: FieldErrors): void {
  networkSources.csi.validate(csi, path, errors);
  if (!csi.nodePublishSecretRef) return;
  const { name = '' } = csi.nodePublishSecretRef;
  if (!name) errors.required(`${path}.nodePublishSecretRef.name`);
  else errors.invalidEach(`${path}.name`, name, subdomainName(name, { generateName: false }));
}

function validateEphemeral(
  { name = '', ephemeral }: Volume,
  path: string,
  errors: FieldErrors,
  { podName }: VolumesOfPod,
): void {
  const template = ephemeral?.volumeClaimTemplate;
  if (!template) errors.required(`${path}.volumeClaimTemplate`);
  else validateClaimTemplate(template, `${path}.volumeClaimTemplate`, errors);
  if (!podName || !name) return;
  const claim = `${podName}-${name}`;
  for (const message of subdomainName(claim, { generateName: false }))
    errors.invalid(`${path.slice(0, path.lastIndexOf('.'))}.name`, name, `PVC name "${claim}": ${message}`);
}

function validateImage({ image }: Volume, path: string, errors: FieldErrors, { isPod }: VolumesOfPod): void {
  if (isPod && !image?.reference) errors.required(`${path}.reference`);
  validatePullPolicy(image?.pullPolicy ?? '', `${path}.pullPolicy`, errors);
}

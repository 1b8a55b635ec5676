/** Where the bytes of a persistent volume are. */
// Like the validate…PersistentVolumeSource functions of pkg/apis/core/validation.
import type { V1PersistentVolumeSpec, V1SecretReference } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label, checkDNS1123Subdomain, labelName } from '@naru/api/names';
import type { Fields } from '../fields.ts';
import { validateNoBacksteps } from './pod/paths.ts';
import { networkSources, validateCSIDriverName } from './volume-sources.ts';

export type VolumeSpec = Fields<V1PersistentVolumeSpec>;
type Sources = Required<VolumeSpec>;

interface Source {
  field: SourceField;
  /** Names under which errors stand, where they are not the field's. */
  at?: string;
  refusedAt?: string;
  /** A second source of this sort is not refused: upstream forgot. */
  isNeverRefused?: boolean;
  validate(spec: VolumeSpec, path: string, errors: FieldErrors): void;
}

/** Those that say the same in a pod and in a persistent volume. */
const shared = (field: keyof typeof networkSources & SourceField): Source => ({
  field,
  ...networkSources[field].place,
  validate(spec, path, errors) {
    const validate = networkSources[field].validate as (source: object, path: string, errors: FieldErrors) => void;
    const source = spec[field];
    if (source) validate(source, path, errors);
  },
});

const own = <Field extends SourceField>(
  field: Field,
  validate: (source: Sources[Field], path: string, errors: FieldErrors) => void,
): Source => ({
  field,
  validate(spec, path, errors) {
    const source = spec[field];
    if (source) validate(source as Sources[Field], path, errors);
  },
});

// In the order in which upstream looks: the first wins, the others are too many.
const sources: readonly Source[] = [
  shared('hostPath'),
  shared('gcePersistentDisk'),
  shared('awsElasticBlockStore'),
  own('glusterfs', (source, path, errors) => {
    networkSources.glusterfs.validate(source, path, errors);
    const { endpointsNamespace } = source;
    if (endpointsNamespace === undefined) return;
    const at = `${path}.endpointsNamespace`;
    if (!endpointsNamespace)
      errors.invalid(at, endpointsNamespace, 'if the endpointnamespace is set, it must be a valid namespace name');
    errors.invalidEach(at, endpointsNamespace, labelName(endpointsNamespace, { generateName: false }));
  }),
  shared('flocker'),
  shared('nfs'),
  shared('rbd'),
  shared('quobyte'),
  shared('cephfs'),
  shared('iscsi'),
  own('cinder', ({ volumeID, secretRef }, path, errors) => {
    if (!volumeID) errors.required(`${path}.volumeID`);
    if (secretRef) requireNameAndNamespace(secretRef, `${path}.secretRef`, errors);
  }),
  shared('fc'),
  { ...shared('flexVolume'), isNeverRefused: true },
  own('azureFile', ({ secretName, shareName, secretNamespace }, path, errors) => {
    if (!secretName) errors.required(`${path}.secretName`);
    if (!shareName) errors.required(`${path}.shareName`);
    if (secretNamespace === '') errors.required(`${path}.secretNamespace`);
  }),
  shared('vsphereVolume'),
  shared('photonPersistentDisk'),
  shared('portworxVolume'),
  shared('azureDisk'),
  shared('scaleIO'),
  own('local', ({ path: target }, path, errors) => {
    if (target) validateNoBacksteps(target, `${path}.path`, errors);
    else errors.required(`${path}.path`);
  }),
  own('storageos', ({ volumeName = '', volumeNamespace = '', secretRef }, path, errors) => {
    if (!volumeName) errors.required(`${path}.volumeName`);
    else errors.invalidEach(`${path}.volumeName`, volumeName, checkDNS1123Label(volumeName));
    if (volumeNamespace)
      errors.invalidEach(`${path}.volumeNamespace`, volumeNamespace, checkDNS1123Label(volumeNamespace));
    if (secretRef) requireNameAndNamespace(secretRef, `${path}.secretRef`, errors);
  }),
  own('csi', validateCSI),
];

export const volumeSourceFields: readonly SourceField[] = sources.map(({ field }) => field);

/** `isPlaced`: the volume says on which nodes it is. */
export function validateVolumeSource(spec: VolumeSpec, path: string, isPlaced: boolean, errors: FieldErrors): void {
  let found = 0;
  for (const { field, at = field, refusedAt = field, isNeverRefused, validate } of sources) {
    if (!spec[field]) continue;
    if (found++ && !isNeverRefused) {
      errors.forbidden(`${path}.${refusedAt}`, 'may not specify more than 1 volume type');
      continue;
    }
    validate(spec, `${path}.${at}`, errors);
    if (field === 'local' && !isPlaced) errors.required(`${path}.nodeAffinity`, 'Local volume requires node affinity');
  }
  if (!found) errors.required(path, 'must specify a volume type');
}

const csiSecrets = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

function validateCSI(source: Sources['csi'], path: string, errors: FieldErrors): void {
  validateCSIDriverName(source.driver ?? '', `${path}.driver`, errors);
  if (!source.volumeHandle) errors.required(`${path}.volumeHandle`);
  for (const field of csiSecrets) {
    const reference = source[field];
    if (reference) validateSecretReference(reference, `${path}.${field}`, errors);
  }
}

function validateSecretReference(
  { name = '', namespace = '' }: Fields<V1SecretReference>,
  path: string,
  errors: FieldErrors,
): void {
  if (!name) errors.required(`${path}.name`);
  else errors.invalidEach(`${path}.name`, name, checkDNS1123Subdomain(name));
  if (!namespace) errors.required(`${path}.namespace`);
  else errors.invalidEach(`${path}.namespace`, namespace, checkDNS1123Label(namespace));
}

function requireNameAndNamespace({ name, namespace }: Fields<V1SecretReference>, path: string, errors: FieldErrors) {
  if (!name) errors.required(`${path}.name`);
  if (!namespace) errors.required(`${path}.namespace`);
}

type SourceField =
  | 'hostPath'
  | 'gcePersistentDisk'
  | 'awsElasticBlockStore'
  | 'glusterfs'
  | 'flocker'
  | 'nfs'
  | 'rbd'
  | 'quobyte'
  | 'cephfs'
  | 'iscsi'
  | 'cinder'
  | 'fc'
  | 'flexVolume'
  | 'azureFile'
  | 'vsphereVolume'
  | 'photonPersistentDisk'
  | 'portworxVolume'
  | 'azureDisk'
  | 'scaleIO'
  | 'local'
  | 'storageos'
  | 'csi';

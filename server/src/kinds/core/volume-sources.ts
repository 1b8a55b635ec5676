/** Sources of volumes that pods and persistent volumes name alike. */
// Like the validate…VolumeSource functions of pkg/apis/core/validation.
import type { V1Volume } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label, checkDNS1123Subdomain } from '@naru/api/names';
import type { Fields } from '../fields.ts';
import { validateISCSI } from './iscsi-volume.ts';
import { validateDescendingPath, validateNoBacksteps } from './pod/paths.ts';

type Volume = Required<Fields<V1Volume>>;
type Validate<Source> = (source: Source, path: string, errors: FieldErrors) => void;
interface NetworkSource<Source> {
  /** Under which name errors stand where it is not the field's. */
  place?: { at?: string; refusedAt?: string };
  validate: Validate<Source>;
}

const requireAll = (source: object, fields: readonly string[], path: string, errors: FieldErrors): void => {
  const values = source as Record<string, unknown>;
  for (const field of fields) {
    const value = values[field];
    if (!value || (Array.isArray(value) && !value.length)) errors.required(`${path}.${field}`);
  }
};

const needs =
  (...fields: string[]) =>
  (source: object, path: string, errors: FieldErrors) =>
    requireAll(source, fields, path, errors);

const validatePartition = (partition: number | undefined, path: string, errors: FieldErrors) => {
  if (partition !== undefined && (partition < 0 || partition > 255))
    errors.invalid(`${path}.partition`, partition, 'must be between 1 and 255, inclusive');
};

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

export const networkSources: { [Field in SourceField]: NetworkSource<Volume[Field]> } = {
  hostPath: {
    validate({ path: target, type }, path, errors) {
      if (!target) return errors.required(`${path}.path`);
      validateNoBacksteps(target, `${path}.path`, errors);
      if (type !== undefined && !hostPathTypes.includes(type)) errors.notSupported(`${path}.type`, type, hostPathTypes);
    },
  },
  gitRepo: {
    validate(source, path, errors) {
      requireAll(source, ['repository'], path, errors);
      validateDescendingPath(source.directory ?? '', `${path}.directory`, errors);
    },
  },
  gcePersistentDisk: {
    place: { at: 'persistentDisk' },
    validate(source, path, errors) {
      requireAll(source, ['pdName'], path, errors);
      validatePartition(source.partition, path, errors);
    },
  },
  awsElasticBlockStore: {
    validate(source, path, errors) {
      requireAll(source, ['volumeID'], path, errors);
      validatePartition(source.partition, path, errors);
    },
  },
  nfs: {
    validate(source, path, errors) {
      requireAll(source, ['server', 'path'], path, errors);
      if (!source.path?.startsWith('/')) errors.invalid(`${path}.path`, source.path ?? '', 'must be an absolute path');
    },
  },
  iscsi: { validate: validateISCSI },
  glusterfs: { validate: needs('endpoints', 'path') },
  flocker: {
    validate({ datasetName = '', datasetUUID = '' }, path, errors) {
      if (!datasetName && !datasetUUID) errors.required(path, 'one of datasetName and datasetUUID is required');
      if (datasetName && datasetUUID)
        errors.invalid(path, 'resource', 'datasetName and datasetUUID can not be specified simultaneously');
      if (datasetName.includes('/')) errors.invalid(`${path}.datasetName`, datasetName, "must not contain '/'");
    },
  },
  rbd: { validate: needs('monitors', 'image') },
  cinder: {
    validate(source, path, errors) {
      requireAll(source, ['volumeID'], path, errors);
      if (source.secretRef && !source.secretRef.name) errors.required(`${path}.secretRef.name`);
    },
  },
  cephfs: { place: { refusedAt: 'cephFS' }, validate: needs('monitors') },
  quobyte: {
    validate({ registry = '', tenant = '', volume }, path, errors) {
      const detail = 'must be a host:port pair or multiple pairs separated by commas';
      if (!registry) errors.required(`${path}.registry`, detail);
      else if (Buffer.byteLength(tenant) >= 65)
        errors.required(`${path}.tenant`, 'must be a UUID and may not exceed a length of 64 characters');
      else
        for (const pair of registry.split(','))
          if (!isHostAndPort(pair)) errors.invalid(`${path}.registry`, registry, detail);
      if (!volume) errors.required(`${path}.volume`);
    },
  },
  fc: {
    validate({ targetWWNs = [], wwids = [], lun }, path, errors) {
      if (!targetWWNs.length && !wwids.length)
        errors.required(`${path}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both');
      if (targetWWNs.length && wwids.length)
        errors.invalid(`${path}.targetWWNs`, targetWWNs, 'targetWWNs and wwids can not be specified simultaneously');
      if (!targetWWNs.length) return;
      if (lun === undefined) errors.required(`${path}.lun`, 'lun is required if targetWWNs is specified');
      else if (lun < 0 || lun > 255) errors.invalid(`${path}.lun`, lun, 'must be between 0 and 255, inclusive');
    },
  },
  flexVolume: {
    validate({ driver, options = {} }, path, errors) {
      if (!driver) errors.required(`${path}.driver`);
      for (const key of Object.keys(options)) {
        const [domain = ''] = key.split('/');
        if (/\.(kubernetes|k8s)\.io$/.test(`.${domain.toLowerCase()}`))
          errors.invalid(`${path}.options[${key}]`, key, 'kubernetes.io and k8s.io namespaces are reserved');
      }
    },
  },
  azureFile: { validate: needs('secretName', 'shareName') },
  vsphereVolume: { validate: needs('volumePath') },
  photonPersistentDisk: { validate: needs('pdID') },
  portworxVolume: { validate: needs('volumeID') },
  azureDisk: { validate: validateAzureDisk },
  storageos: {
    validate({ volumeName = '', volumeNamespace = '', secretRef }, path, errors) {
      if (!volumeName) errors.required(`${path}.volumeName`);
      else errors.invalidEach(`${path}.volumeName`, volumeName, checkDNS1123Label(volumeName));
      if (volumeNamespace)
        errors.invalidEach(`${path}.volumeNamespace`, volumeNamespace, checkDNS1123Label(volumeNamespace));
      if (secretRef && !secretRef.name) errors.required(`${path}.secretRef.name`);
    },
  },
  scaleIO: { validate: needs('gateway', 'system', 'volumeName') },
  csi: { validate: ({ driver = '' }, path, errors) => validateCSIDriverName(driver, `${path}.driver`, errors) },
};

type SourceField =
  | 'hostPath'
  | 'gitRepo'
  | 'gcePersistentDisk'
  | 'awsElasticBlockStore'
  | 'nfs'
  | 'iscsi'
  | 'glusterfs'
  | 'flocker'
  | 'rbd'
  | 'cinder'
  | 'cephfs'
  | 'quobyte'
  | 'fc'
  | 'flexVolume'
  | 'azureFile'
  | 'vsphereVolume'
  | 'photonPersistentDisk'
  | 'portworxVolume'
  | 'azureDisk'
  | 'storageos'
  | 'scaleIO'
  | 'csi';

// Like net.SplitHostPort: one colon, or an address in brackets before it.
const isHostAndPort = (pair: string): boolean => /^(\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/.test(pair);

export function validateCSIDriverName(driver: string, path: string, errors: FieldErrors): void {
  if (!driver) return errors.required(path);
  if (Buffer.byteLength(driver) > 63) errors.tooLong(path, 63);
  errors.invalidEach(path, driver, checkDNS1123Subdomain(driver.toLowerCase()));
}

function validateAzureDisk(
  { diskName, diskURI = '', cachingMode, kind }: Volume['azureDisk'],
  path: string,
  errors: FieldErrors,
): void {
  if (!diskName) errors.required(`${path}.diskName`);
  if (!diskURI) errors.required(`${path}.diskURI`);
  const modes = ['None', 'ReadOnly', 'ReadWrite'];
  if (cachingMode !== undefined && !modes.includes(cachingMode))
    errors.notSupported(`${path}.cachingMode`, cachingMode, modes);
  const kinds = ['Dedicated', 'Managed', 'Shared'];
  if (kind !== undefined && !kinds.includes(kind)) errors.notSupported(`${path}.kind`, kind, kinds);
  if (kind === 'Managed' && !diskURI.startsWith('/subscriptions/'))
    errors.notSupported(`${path}.diskURI`, diskURI, [
      '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}',
    ]);
  if (kind !== undefined && kind !== 'Managed' && !diskURI.startsWith('https://'))
    errors.notSupported(`${path}.diskURI`, diskURI, [
      'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd',
    ]);
}

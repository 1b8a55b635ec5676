/** What a claim to storage asks for; also the template of a pod's ephemeral volumes and of a StatefulSet. */
// Like ValidatePersistentVolumeClaimSpec of pkg/apis/core/validation.
import type {
  V1ObjectMeta,
  V1PersistentVolumeClaimSpec,
  V1PersistentVolumeClaimTemplate,
  V1TypedObjectReference,
} from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Subdomain, labelName, subdomainName } from '@naru/api/names';
import type { Fields } from '../fields.ts';
import { validateAnnotations, validateLabels } from '../label-maps.ts';
import { validateLabelSelector } from '../label-selectors.ts';
import { isPositive, isWhole, roundUpToMilli } from '../quantities.ts';

export type ClaimSpec = Fields<V1PersistentVolumeClaimSpec>;

export const accessModes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod'];
export const volumeModes = ['Block', 'Filesystem'];

/** Also carries over the data source that was named in only one of its two fields. */
export function setClaimSpecDefaults(spec: ClaimSpec): void {
  spec.volumeMode ??= 'Filesystem';
  for (const list of [spec.resources?.limits, spec.resources?.requests])
    for (const [name, quantity] of Object.entries(list ?? {})) if (list) list[name] = roundUpToMilli(quantity);
}

// Like GetWarningsForPersistentVolumeClaimSpec.
export function claimWarnings({ resources }: ClaimSpec, path: string): string[] {
  return (['requests', 'limits'] as const).flatMap((list) => {
    const quantity = resources?.[list]?.['storage'];
    if (quantity === undefined || isWhole(quantity)) return [];
    return [`${path}.resources.${list}[storage]: fractional byte value "${quantity}" is invalid, must be an integer`];
  });
}

export function validateAccessModes(modes: readonly string[], path: string, errors: FieldErrors): void {
  for (const mode of modes) if (!accessModes.includes(mode)) errors.notSupported(path, mode, accessModes);
  if (
    modes.includes('ReadWriteOncePod') &&
    modes.some((mode) => mode !== 'ReadWriteOncePod' && accessModes.includes(mode))
  )
    errors.forbidden(path, 'may not use ReadWriteOncePod with other access modes');
}

export function validateClaimSpec(spec: ClaimSpec, path: string, errors: FieldErrors): void {
  const modes = spec.accessModes ?? [];
  if (!modes.length) errors.required(`${path}.accessModes`, 'at least 1 access mode is required');
  validateLabelSelector(spec.selector, `${path}.selector`, errors);
  validateAccessModes(modes, `${path}.accessModes`, errors);
  const storage = spec.resources?.requests?.['storage'];
  if (storage === undefined) errors.required(`${path}.resources[storage]`);
  else if (!isPositive(storage)) errors.invalid(`${path}.resources[storage]`, storage, 'must be greater than zero');
  validateClassName(spec.storageClassName, `${path}.storageClassName`, errors);
  if (spec.volumeMode !== undefined && !volumeModes.includes(spec.volumeMode))
    errors.notSupported(`${path}.volumeMode`, spec.volumeMode, volumeModes);
  validateDataSources(spec, path, errors);
  validateClassName(spec.volumeAttributesClassName, `${path}.volumeAttributesClassName`, errors);
}

function validateClassName(name: string | undefined, path: string, errors: FieldErrors): void {
  if (name) errors.invalidEach(path, name, subdomainName(name, { generateName: false }));
}

function validateDataSources(spec: ClaimSpec, path: string, errors: FieldErrors): void {
  const { dataSource, dataSourceRef } = spec;
  if (dataSource) validateDataSource(dataSource, `${path}.dataSource`, errors);
  if (dataSourceRef) validateDataSource(dataSourceRef, `${path}.dataSourceRef`, errors);
  if (!dataSource || !dataSourceRef) return;
  // Upstream shows the path as the value, which prints as an empty struct.
  if (dataSourceRef.namespace)
    errors.invalid(path, {}, 'may not be specified when dataSourceRef.namespace is specified');
  else if (
    dataSource.apiGroup !== dataSourceRef.apiGroup ||
    dataSource.kind !== dataSourceRef.kind ||
    dataSource.name !== dataSourceRef.name
  )
    errors.invalid(path, {}, 'must match dataSourceRef');
}

function validateDataSource(
  { name = '', kind = '', apiGroup = '', namespace }: Fields<V1TypedObjectReference>,
  path: string,
  errors: FieldErrors,
): void {
  if (!name) errors.required(`${path}.name`);
  if (!kind) errors.required(`${path}.kind`);
  if (!apiGroup && kind !== 'PersistentVolumeClaim')
    errors.invalid(path, kind, "must be 'PersistentVolumeClaim' when referencing the default apiGroup");
  if (apiGroup) errors.invalidEach(`${path}.apiGroup`, apiGroup, checkDNS1123Subdomain(apiGroup));
  if (namespace) errors.invalidEach(`${path}.namespace`, namespace, labelName(namespace, { generateName: false }));
}

/** A template's metadata may hold labels and annotations, nothing else. */
export function validateClaimTemplate(
  { metadata = {}, spec = {} }: Fields<V1PersistentVolumeClaimTemplate>,
  path: string,
  errors: FieldErrors,
): void {
  validateTemplateMetadata(metadata, `${path}.metadata`, errors);
  validateClaimSpec(spec, `${path}.spec`, errors);
}

const metadataFields = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'ownerReferences',
  'finalizers',
  'managedFields',
] as const;

function validateTemplateMetadata(metadata: Fields<V1ObjectMeta>, path: string, errors: FieldErrors): void {
  validateAnnotations(metadata.annotations, `${path}.annotations`, errors);
  validateLabels(metadata.labels, `${path}.labels`, errors);
  for (const field of metadataFields) {
    const value = metadata[field];
    if (value && (!Array.isArray(value) || value.length)) errors.forbidden(`${path}.${field}`, 'cannot be set');
  }
}

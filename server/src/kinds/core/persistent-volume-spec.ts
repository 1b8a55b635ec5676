/** What a persistent volume is and how it may be used; also inside a VolumeAttachment, where it may say less. */
// Like ValidatePersistentVolumeSpec of pkg/apis/core/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { subdomainName } from '@naru/api/names';
import { isNegative, isPositive, quantityValue } from '../quantities.ts';
import { validateAccessModes, volumeModes } from './claim-spec.ts';
import { validateNodeSelector } from './node-selectors.ts';
import { validateVolumeSource, type VolumeSpec } from './persistent-volume-sources.ts';

const reclaimPolicies = ['Delete', 'Recycle', 'Retain'];
const notInline = 'may not be specified in the context of inline volumes';

export function validateVolumeSpec(
  spec: VolumeSpec,
  path: string,
  errors: FieldErrors,
  { isInline = false } = {},
): void {
  if (isInline) refuseWhatOnlyVolumesHave(spec, path, errors);
  if (!spec.accessModes?.length) errors.required(`${path}.accessModes`);
  validateAccessModes(spec.accessModes ?? [], `${path}.accessModes`, errors);
  if (!isInline) validateCapacity(spec.capacity, `${path}.capacity`, errors);
  validateReclaimPolicy(spec.persistentVolumeReclaimPolicy, isInline, `${path}.persistentVolumeReclaimPolicy`, errors);
  const isPlaced = validateNodeAffinity(spec, isInline, `${path}.nodeAffinity`, errors);
  validateVolumeSource(spec, path, isPlaced, errors);
  if (isRoot(spec.hostPath?.path) && spec.persistentVolumeReclaimPolicy === 'Recycle')
    errors.forbidden(`${path}.persistentVolumeReclaimPolicy`, "may not be 'recycle' for a hostPath mount of '/'");
  if (spec.storageClassName) {
    if (isInline) errors.forbidden(`${path}.storageClassName`, notInline);
    else validateClassName(spec.storageClassName, `${path}.storageClassName`, errors);
  }
  validateVolumeMode(spec.volumeMode, isInline, `${path}.volumeMode`, errors);
  validateAttributesClass(spec, path, errors);
}

function refuseWhatOnlyVolumesHave({ claimRef, capacity, csi }: VolumeSpec, path: string, errors: FieldErrors): void {
  if (claimRef) errors.forbidden(`${path}.claimRef`, notInline);
  if (Object.keys(capacity ?? {}).length) errors.forbidden(`${path}.capacity`, notInline);
  if (!csi) errors.required(`${path}.csi`, 'has to be specified in the context of inline volumes');
}

function validateCapacity(capacity: VolumeSpec['capacity'], path: string, errors: FieldErrors): void {
  const quantities = Object.entries(capacity ?? {});
  if (!quantities.length) errors.required(path);
  if (quantities.length !== 1 || quantities[0]?.[0] !== 'storage')
    errors.notSupported(path, capacity ?? null, ['storage']);
  for (const [name, quantity] of quantities) {
    const at = `${path}[${name}]`;
    if (isNegative(quantity)) errors.invalid(at, quantityValue(quantity), 'must be a valid resource quantity');
    if (!isPositive(quantity)) errors.invalid(at, quantity, 'must be greater than zero');
  }
}

function validateReclaimPolicy(policy: string | undefined, isInline: boolean, path: string, errors: FieldErrors): void {
  if (!policy) return;
  if (!isInline) {
    if (!reclaimPolicies.includes(policy)) errors.notSupported(path, policy, reclaimPolicies);
  } else if (policy !== 'Retain') errors.forbidden(path, 'may only be Retain in the context of inline volumes');
}

/** Whether the volume says on which nodes it can be reached. */
function validateNodeAffinity(
  { nodeAffinity }: VolumeSpec,
  isInline: boolean,
  path: string,
  errors: FieldErrors,
): boolean {
  if (!nodeAffinity) return false;
  if (isInline) {
    errors.forbidden(path, notInline);
    return false;
  }
  if (nodeAffinity.required) validateNodeSelector(nodeAffinity.required, `${path}.required`, errors);
  else errors.required(`${path}.required`, 'must specify required node constraints');
  return true;
}

const isRoot = (target: string | undefined): boolean =>
  target !== undefined && target.startsWith('/') && target.split('/').every((part) => part === '' || part === '.');

function validateClassName(name: string, path: string, errors: FieldErrors): void {
  errors.invalidEach(path, name, subdomainName(name, { generateName: false }));
}

function validateVolumeMode(mode: string | undefined, isInline: boolean, path: string, errors: FieldErrors): void {
  if (mode === undefined) return;
  if (!isInline) {
    if (!volumeModes.includes(mode)) errors.notSupported(path, mode, volumeModes);
  } else if (mode !== 'Filesystem')
    errors.forbidden(path, 'may not specify volumeMode other than Filesystem in the context of inline volumes');
}

function validateAttributesClass(
  { volumeAttributesClassName: name, csi }: VolumeSpec,
  path: string,
  errors: FieldErrors,
): void {
  if (name === undefined) return;
  if (name) validateClassName(name, `${path}.volumeAttributesClassName`, errors);
  else errors.required(`${path}.volumeAttributesClassName`, 'an empty string is disallowed');
  if (!csi) errors.required(`${path}.csi`, 'has to be specified when using volumeAttributesClassName');
}

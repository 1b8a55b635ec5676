/** iSCSI volumes, of pods and of persistent volumes. */
// Like validateISCSIVolumeSource of pkg/apis/core/validation.
import type { V1ISCSIVolumeSource } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import type { Fields } from '../fields.ts';

const prefixes = ['iqn', 'eui', 'naa'];

const wellFormed = (name: string): boolean => {
  if (name.length > 512) return false;
  if (name.startsWith('iqn')) return /^iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+$/.test(name);
  return /^eui.[A-Za-z0-9]{16}$/.test(name) || /^naa.[A-Za-z0-9]{32}$/.test(name);
};

/** Name of a target or initiator; `unknownPrefix` is what upstream says of another beginning. */
export function validateISCSIName(name: string, path: string, unknownPrefix: string, errors: FieldErrors): void {
  if (!prefixes.some((prefix) => name.startsWith(prefix))) errors.invalid(path, name, unknownPrefix);
  else if (!wellFormed(name)) errors.invalid(path, name, 'must be valid format');
}

export function validateISCSI(source: Fields<V1ISCSIVolumeSource>, path: string, errors: FieldErrors): void {
  const { targetPortal, iqn, lun = 0, initiatorName } = source;
  const unknown = 'must be valid format starting with iqn, eui, or naa';
  if (!targetPortal) errors.required(`${path}.targetPortal`);
  if (!iqn) errors.required(`${path}.iqn`);
  else validateISCSIName(iqn, `${path}.iqn`, unknown, errors);
  if (lun < 0 || lun > 255) errors.invalid(`${path}.lun`, lun, 'must be between 0 and 255, inclusive');
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !source.secretRef) errors.required(`${path}.secretRef`);
  if (initiatorName !== undefined) validateISCSIName(initiatorName, `${path}.initiatorname`, unknown, errors);
}

/** Where volumes stand in a container. */
// Like ValidateVolumeMounts and ValidateVolumeDevices of pkg/apis/core/validation.
import type { V1VolumeMount } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import type { Fields } from '../../fields.ts';
import { hasBacksteps, validateDescendingPath } from './paths.ts';
import type { Container, Volume } from './pod-fields.ts';

type Volumes = ReadonlyMap<string, Volume>;

export function validateVolumeMounts(container: Container, volumes: Volumes, path: string, errors: FieldErrors): void {
  const devices = container.volumeDevices ?? [];
  const mountPaths = new Set<string>();
  (container.volumeMounts ?? []).forEach((mount, index) => {
    const { name = '', mountPath = '' } = mount;
    const mountAt = `${path}[${index}]`;
    if (!name) errors.required(`${mountAt}.name`);
    if (!volumes.has(name)) errors.notFound(`${mountAt}.name`, name);
    if (!mountPath) errors.required(`${mountAt}.mountPath`);
    if (mountPaths.has(mountPath)) errors.invalid(`${mountAt}.mountPath`, mountPath, 'must be unique');
    mountPaths.add(mountPath);
    if (devices.some((device) => (device.name ?? '') === name))
      errors.invalid(`${mountAt}.name`, name, 'must not already exist in volumeDevices');
    if (devices.some((device) => (device.devicePath ?? '') === mountPath))
      errors.invalid(`${mountAt}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices');
    validateSubPath(mount, path, mountAt, errors);
    validatePropagation(mount, container, `${path}.mountPropagation`, errors);
    validateRecursiveReadOnly(mount, `${path}.recursiveReadOnly`, errors);
  });
}

function validateSubPath(
  { subPath, subPathExpr }: Fields<V1VolumeMount>,
  path: string,
  mountAt: string,
  errors: FieldErrors,
): void {
  if (subPath) validateDescendingPath(subPath, `${path}.subPath`, errors);
  if (!subPathExpr) return;
  if (subPath) errors.invalid(`${mountAt}.subPathExpr`, subPathExpr, 'subPathExpr and subPath are mutually exclusive');
  validateDescendingPath(subPathExpr, `${path}.subPathExpr`, errors);
}

const propagations = ['Bidirectional', 'HostToContainer', 'None'];

function validatePropagation(
  { mountPropagation }: Fields<V1VolumeMount>,
  { securityContext }: Container,
  path: string,
  errors: FieldErrors,
): void {
  if (mountPropagation === undefined) return;
  if (!propagations.includes(mountPropagation)) errors.notSupported(path, mountPropagation, propagations);
  if (mountPropagation === 'Bidirectional' && !securityContext?.privileged)
    errors.forbidden(path, 'Bidirectional mount propagation is available only to privileged containers');
}

function validateRecursiveReadOnly(
  { recursiveReadOnly, readOnly, mountPropagation }: Fields<V1VolumeMount>,
  path: string,
  errors: FieldErrors,
): void {
  if (recursiveReadOnly === undefined || recursiveReadOnly === 'Disabled') return;
  if (recursiveReadOnly !== 'Enabled' && recursiveReadOnly !== 'IfPossible')
    return errors.notSupported(path, recursiveReadOnly, ['Disabled', 'Enabled', 'IfPossible']);
  if (!readOnly) errors.forbidden(path, 'may only be specified when readOnly is true');
  if (mountPropagation !== undefined && mountPropagation !== 'None')
    errors.forbidden(path, 'may only be specified when mountPropagation is None or not specified');
}

export function validateVolumeDevices(container: Container, volumes: Volumes, path: string, errors: FieldErrors): void {
  const mounts = container.volumeMounts ?? [];
  const names = new Set<string>();
  const paths = new Set<string>();
  (container.volumeDevices ?? []).forEach(({ name = '', devicePath = '' }, index) => {
    const deviceAt = `${path}[${index}]`;
    const volume = volumes.get(name);
    if (!name) errors.required(`${deviceAt}.name`);
    if (names.has(name)) errors.invalid(`${deviceAt}.name`, name, 'must be unique');
    if (!volume) errors.notFound(`${deviceAt}.name`, name);
    else if (!volume.persistentVolumeClaim && !volume.ephemeral)
      errors.invalid(
        `${deviceAt}.name`,
        name,
        'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode',
      );
    if (!devicePath) errors.required(`${deviceAt}.devicePath`);
    if (paths.has(devicePath)) errors.invalid(`${deviceAt}.devicePath`, devicePath, 'must be unique');
    if (hasBacksteps(devicePath))
      errors.invalid(`${deviceAt}.devicePath`, devicePath, "can not contain backsteps ('..')");
    else paths.add(devicePath);
    if (mounts.some((mount) => (mount.name ?? '') === name))
      errors.invalid(`${deviceAt}.name`, name, 'must not already exist in volumeMounts');
    if (mounts.some((mount) => (mount.mountPath ?? '') === devicePath))
      errors.invalid(`${deviceAt}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts');
    if (name) names.add(name);
  });
}

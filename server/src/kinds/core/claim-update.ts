/** What may change in a claim: its size, its attributes and, once, its volume and class. */
// Like ValidatePersistentVolumeClaimUpdate and ValidatePersistentVolumeClaimStatusUpdate.
import type { V1PersistentVolumeClaim, V1PersistentVolumeClaimStatus } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName } from '@naru/api/names';
import { semanticallyEqual } from '../equality.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { goDifference } from '../go-difference.ts';
import { compareQuantities, isNegative, quantityValue } from '../quantities.ts';
import { annotatedClass, classAnnotation } from './access-modes.ts';
import type { ClaimSpec } from './claim-spec.ts';
import { isNativeResource } from './resource-names.ts';

type Claim = ObjectFields<V1PersistentVolumeClaim>;
type Status = Fields<V1PersistentVolumeClaimStatus>;

export function validateClaimChange(claim: Claim, old: Claim): FieldErrors {
  const errors = new FieldErrors();
  const { spec = {} } = claim;
  const before = { ...old.spec };
  const allowed = { ...spec };
  if (!before.volumeName && spec.volumeName) before.volumeName = spec.volumeName;
  allowClassFromNothing(allowed, before, claim, old, errors);
  if (claim.status?.phase === 'Bound') allowWhatBoundClaimsChange(allowed, before);
  if (!semanticallyEqual(allowed, before))
    errors.forbidden(
      'spec',
      `spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n${goDifference(before, allowed, 'k8s.io.api.core.v1.PersistentVolumeClaimSpec')}`,
    );
  validateSize(spec, old, errors);
  if (spec.volumeMode !== before.volumeMode)
    errors.invalid('volumeMode', spec.volumeMode ?? null, 'field is immutable');
  validateAttributesClass(spec.volumeAttributesClassName, before.volumeAttributesClassName, errors);
  return errors;
}

/** A class may be named where none was, or where the annotation named the same. Changes `allowed`. */
function allowClassFromNothing(
  allowed: ClaimSpec,
  before: ClaimSpec,
  claim: Claim,
  old: Claim,
  errors: FieldErrors,
): void {
  const [annotated, annotatedBefore] = [
    annotatedClass(claim.metadata.annotations),
    annotatedClass(old.metadata.annotations),
  ];
  const named = allowed.storageClassName;
  const moves =
    annotatedBefore !== undefined &&
    before.storageClassName === undefined &&
    named === annotatedBefore &&
    (annotated === undefined || annotated === annotatedBefore);
  if (!moves && (annotated ?? '') !== (annotatedBefore ?? ''))
    errors.invalid(`metadata.annotations.${classAnnotation}`, annotated ?? '', 'field is immutable');
  const isFirst =
    named !== undefined &&
    before.storageClassName === undefined &&
    (annotatedBefore === undefined || named === annotatedBefore);
  if (moves || isFirst) delete allowed.storageClassName;
}

/** Changes `allowed`. */
function allowWhatBoundClaimsChange(allowed: ClaimSpec, before: ClaimSpec): void {
  if (allowed.resources?.requests) {
    const { storage: _storage, ...requests } = allowed.resources.requests;
    const storage = before.resources?.requests?.['storage'];
    allowed.resources = { ...allowed.resources, requests: { ...requests, ...(storage !== undefined && { storage }) } };
  }
  if (allowed.volumeAttributesClassName === undefined) return;
  if (before.volumeAttributesClassName === undefined) delete allowed.volumeAttributesClassName;
  else allowed.volumeAttributesClassName = before.volumeAttributesClassName;
}

/** A claim that could not be expanded may be asked less of, down to what it has. */
function validateSize({ resources }: ClaimSpec, old: Claim, errors: FieldErrors): void {
  const size = resources?.requests?.['storage'] ?? '0';
  const before = old.spec?.resources?.requests?.['storage'] ?? '0';
  if (compareQuantities(size, before) >= 0) return;
  if (compareQuantities(size, old.status?.capacity?.['storage'] ?? '0') <= 0)
    errors.forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity');
}

function validateAttributesClass(name: string | undefined, before: string | undefined, errors: FieldErrors): void {
  if (before === undefined || name === before) return;
  const path = 'spec.volumeAttributesClassName';
  if (name === undefined) errors.forbidden(path, 'update from non-nil value to nil is forbidden');
  else if (name === '') errors.forbidden(path, 'update from non-nil value to an empty string is forbidden');
}

const resizeStatuses = [
  'ControllerResizeInProgress',
  'ControllerResizeInfeasible',
  'NodeResizePending',
  'NodeResizeInProgress',
  'NodeResizeInfeasible',
].sort();

export function validateClaimStatus(status: Status, { accessModes }: ClaimSpec): FieldErrors {
  const errors = new FieldErrors();
  if (!accessModes?.length) errors.required('Spec.accessModes');
  for (const [name, quantity] of Object.entries(status.capacity ?? {}))
    validateAmount(quantity, `status.capacity[${name}]`, errors);
  for (const [name, state] of Object.entries(status.allocatedResourceStatuses ?? {})) {
    const path = 'status.allocatedResourceStatus';
    validateResourceKey(name, path, errors);
    if (!resizeStatuses.includes(state)) errors.notSupported(path, name, resizeStatuses);
  }
  for (const [name, quantity] of Object.entries(status.allocatedResources ?? {})) {
    const path = 'status.allocatedResources';
    if (validateResourceKey(name, path, errors)) validateAmount(quantity, `${path}[${name}]`, errors);
  }
  return errors;
}

function validateAmount(quantity: string, path: string, errors: FieldErrors): void {
  if (isNegative(quantity)) errors.invalid(path, quantityValue(quantity), 'must be a valid resource quantity');
}

/** Whether `name` is that of storage or of somebody's own resource. */
function validateResourceKey(name: string, path: string, errors: FieldErrors): boolean {
  const messages = checkQualifiedName(name);
  errors.invalidEach(path, name, messages);
  if (messages.length) return false;
  if (!isNativeResource(name) || name === 'storage') return true;
  errors.notSupported(path, name, ['storage']);
  return false;
}

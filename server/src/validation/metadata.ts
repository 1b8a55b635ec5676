/** What may stand in an object's metadata, at creation and after a change. */
// Like apimachinery pkg/api/validation/objectmeta.go and ValidateObjectMeta of pkg/apis/core/validation.
import { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName, labelName, subdomainName } from '@naru/api/names';
import type { AnyObject, ObjectMeta, OwnerReference } from '@naru/api/object';
import type { FieldError } from '@naru/api/status';
import type { Kind, WriteContext } from '../kinds/define-kind.ts';
import { validateAnnotations, validateLabels } from '../kinds/label-maps.ts';

const standardFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion']);

/** All that is wrong with the metadata of a new object, whose name has been generated if it was to be. */
export function validateMetadata(object: AnyObject, kind: Kind): FieldError[] {
  const { metadata } = object;
  const errors = new FieldErrors();
  const checkName = kind.validateName ?? subdomainName;
  if (metadata.generateName)
    errors.invalidEach(
      'metadata.generateName',
      metadata.generateName,
      checkName(metadata.generateName, { generateName: true }),
    );
  if (!metadata.name) errors.required('metadata.name', 'name or generateName is required');
  else errors.invalidEach('metadata.name', metadata.name, checkName(metadata.name, { generateName: false }));

  validateNamespace(metadata, kind, errors);
  if ((metadata.generation ?? 0) < 0)
    errors.invalid('metadata.generation', metadata.generation, 'must be greater than or equal to 0');
  validateLabelsAndOwners(metadata, errors);
  validateFinalizers(metadata.finalizers ?? [], errors);
  validateManagedFields(metadata, errors);
  if (!kind.anyFinalizer) requireKnownFinalizers(metadata.finalizers ?? [], errors);
  return errors.list;
}

/**
 * All that is wrong with a change of metadata. Upstream asks twice, once for every object and once for the kind, and
 * a few kinds a third time as if the object were new; clients see each cause as often.
 */
export function validateMetadataUpdate(
  object: AnyObject,
  old: AnyObject,
  kind: Kind,
  { subresource }: WriteContext,
): FieldError[] {
  const once = changeErrors(object.metadata, old.metadata);
  if (!once.length && !object.metadata.finalizers?.length) return once;
  const finalizers = new FieldErrors();
  if (!kind.anyFinalizer) requireKnownFinalizers(object.metadata.finalizers ?? [], finalizers);
  const again = Array.from({ length: subresource ? 0 : (kind.metadataRechecks ?? 0) }, () =>
    validateMetadata(object, kind),
  ).flat();
  return [...once, ...once, ...finalizers.list, ...again];
}

function changeErrors(metadata: ObjectMeta, old: ObjectMeta): FieldError[] {
  const errors = new FieldErrors();
  if (old.deletionTimestamp) forbidNewFinalizers(metadata.finalizers ?? [], old.finalizers ?? [], errors);
  if (!metadata.resourceVersion) errors.invalid('metadata.resourceVersion', '', 'must be specified for an update');
  if ((metadata.generation ?? 0) < (old.generation ?? 0))
    errors.invalid('metadata.generation', metadata.generation ?? 0, 'must not be decremented');
  const fixed = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp'] as const;
  for (const field of fixed)
    if ((metadata[field] ?? '') !== (old[field] ?? ''))
      errors.invalid(`metadata.${field}`, metadata[field] ?? (field.endsWith('Timestamp') ? null : ''), immutable);
  if (metadata.deletionGracePeriodSeconds !== old.deletionGracePeriodSeconds)
    errors.invalid('metadata.deletionGracePeriodSeconds', metadata.deletionGracePeriodSeconds ?? null, immutable);
  validateLabelsAndOwners(metadata, errors);
  validateManagedFields(metadata, errors);
  return errors.list;
}

const immutable = 'field is immutable';

function forbidNewFinalizers(finalizers: string[], old: string[], errors: FieldErrors): void {
  const extra = [...new Set(finalizers)].filter((finalizer) => !old.includes(finalizer)).sort();
  if (!extra.length) return;
  const list = `[]string{${extra.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  errors.forbidden(
    'metadata.finalizers',
    `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`,
  );
}

function validateNamespace({ namespace }: ObjectMeta, { scope }: Kind, errors: FieldErrors): void {
  if (scope === 'Cluster') {
    if (namespace) errors.forbidden('metadata.namespace', 'not allowed on this type');
    return;
  }
  if (!namespace) errors.required('metadata.namespace');
  else errors.invalidEach('metadata.namespace', namespace, labelName(namespace, { generateName: false }));
}

function validateLabelsAndOwners(metadata: ObjectMeta, errors: FieldErrors): void {
  validateLabels(metadata.labels, 'metadata.labels', errors);
  validateAnnotations(metadata.annotations, 'metadata.annotations', errors);
  validateOwners(metadata.ownerReferences ?? [], errors);
}

function validateOwners(owners: readonly OwnerReference[], errors: FieldErrors): void {
  const path = 'metadata.ownerReferences';
  let controller = '';
  for (const owner of owners) {
    const { apiVersion = '', kind = '', name = '', uid = '' } = owner;
    if (!apiVersion || apiVersion.endsWith('/'))
      errors.invalid(`${path}.apiVersion`, apiVersion, 'version must not be empty');
    for (const [field, value] of Object.entries({ kind, name, uid }))
      if (!value) errors.invalid(`${path}.${field}`, value, 'must not be empty');
    if (apiVersion === 'v1' && kind === 'Event')
      errors.invalid(path, owner, '/v1, Kind=Event is disallowed from being an owner');
    if (!owner.controller) continue;
    const found = `${kind}/${name}`;
    if (controller)
      errors.invalid(
        path,
        owners,
        `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${found}`,
      );
    else controller = found;
  }
}

function validateFinalizers(finalizers: readonly string[], errors: FieldErrors): void {
  for (const finalizer of finalizers)
    errors.invalidEach('metadata.finalizers', finalizer, checkQualifiedName(finalizer));
  if (finalizers.includes('orphan') && finalizers.includes('foregroundDeletion'))
    errors.invalid('metadata.finalizers', finalizers, 'finalizer orphan and foregroundDeletion cannot be both set');
}

function requireKnownFinalizers(finalizers: readonly string[], errors: FieldErrors): void {
  finalizers.forEach((finalizer, index) => {
    if (!finalizer.includes('/') && !standardFinalizers.has(finalizer))
      errors.invalid(
        `metadata.finalizers[${index}]`,
        finalizer,
        'name is neither a standard finalizer name nor is it fully qualified',
      );
  });
}

function validateManagedFields({ managedFields }: ObjectMeta, errors: FieldErrors): void {
  managedFields?.forEach(({ operation, fieldsType, manager = '' }, index) => {
    const path = `metadata.managedFields[${index}]`;
    if (operation !== 'Apply' && operation !== 'Update')
      errors.invalid(`${path}.operation`, operation ?? '', 'must be `Apply` or `Update`');
    if (fieldsType !== undefined && fieldsType !== 'FieldsV1')
      errors.invalid(`${path}.fieldsType`, fieldsType, 'must be `FieldsV1`');
    if (Buffer.byteLength(manager) > 128) errors.tooLong(`${path}.fieldManager`, 128);
  });
}

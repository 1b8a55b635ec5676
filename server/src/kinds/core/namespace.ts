/** Namespace: a room for names, with a finalizer that stands until the room is empty. */
// Like pkg/registry/core/namespace and ValidateNamespace.
import type { V1Namespace } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName, labelName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';

const nameLabel = 'kubernetes.io/metadata.name';

export const namespace = defineKind({
  kind: 'Namespace',
  scope: 'Cluster',
  shortNames: ['ns'],
  schema: 'k8s.io.api.core.v1.Namespace',
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: ['status', 'finalize'],
  generation: false,
  returnsDeletedObject: true,
  validateName: labelName,
  metadataRechecks: 1,

  setDefaults: labelWithName,

  prepareForCreate(object) {
    const namespace = fieldsOf<V1Namespace>(object);
    namespace.status = { phase: 'Active' };
    const finalizers = namespace.spec?.finalizers ?? [];
    if (!finalizers.includes('kubernetes'))
      namespace.spec = { ...namespace.spec, finalizers: [...finalizers, 'kubernetes'] };
    labelWithName(object);
  },

  prepareForUpdate(object, old, { subresource }) {
    const [changed, stored] = [fieldsOf<V1Namespace>(object), fieldsOf<V1Namespace>(old)];
    labelWithName(object);
    if (subresource !== 'finalize') {
      if (stored.spec) changed.spec = stored.spec;
      else delete changed.spec;
    }
    if (subresource !== 'status') {
      if (stored.status) changed.status = stored.status;
      else delete changed.status;
    }
  },

  holdsDeletion: (object) => (fieldsOf<V1Namespace>(object).spec?.finalizers ?? []).length > 0,

  prepareForDelete(object) {
    const namespace = fieldsOf<V1Namespace>(object);
    delete namespace.metadata.deletionGracePeriodSeconds;
    namespace.status = { ...namespace.status, phase: 'Terminating' };
  },

  validate: validateFinalizers,

  validateUpdate(object, _old, { subresource }) {
    if (subresource !== 'status') return validateFinalizers(object, { subresource });
    const errors = new FieldErrors();
    const { metadata, status: { phase = '' } = {} } = fieldsOf<V1Namespace>(object);
    const expected = metadata.deletionTimestamp ? 'Terminating' : 'Active';
    if (phase !== expected)
      errors.invalid(
        'status.Phase',
        phase,
        `may only be '${expected}' if \`deletionTimestamp\` is ${metadata.deletionTimestamp ? 'not ' : ''}empty`,
      );
    return errors.list;
  },

  selectableFields: {
    name: ({ metadata }) => metadata.name ?? '',
    'status.phase': (object) => fieldsOf<V1Namespace>(object).status?.phase ?? '',
  },

  columns: [{ name: 'Status', value: (object) => fieldsOf<V1Namespace>(object).status?.phase ?? '' }],

  example: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'example' } },
});

function labelWithName({ metadata }: AnyObject): void {
  if (metadata.name && metadata.labels?.[nameLabel] !== metadata.name)
    metadata.labels = { ...metadata.labels, [nameLabel]: metadata.name };
}

/** /finalize says which of them is wrong. */
function validateFinalizers(object: AnyObject, { subresource }: { subresource: string }) {
  const errors = new FieldErrors();
  (fieldsOf<V1Namespace>(object).spec?.finalizers ?? []).forEach((finalizer, index) => {
    const path = subresource === 'finalize' ? `spec.finalizers[${index}]` : 'spec.finalizers';
    errors.invalidEach(path, finalizer, checkQualifiedName(finalizer));
    if (
      !finalizer.includes('/') &&
      finalizer !== 'kubernetes' &&
      finalizer !== 'orphan' &&
      finalizer !== 'foregroundDeletion'
    )
      errors.invalid(path, finalizer, 'name is neither a standard finalizer name nor is it fully qualified');
  });
  return errors.list;
}

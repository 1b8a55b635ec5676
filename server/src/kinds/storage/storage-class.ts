/** StorageClass: a sort of storage, and who makes it. */
// Like pkg/registry/storage/storageclass and ValidateStorageClass.
import type { V1StorageClass, V1TopologySelectorTerm } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkQualifiedName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { deprecatedLabel } from '../core/node-label-warnings.ts';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields, ObjectFields } from '../fields.ts';
import { ageColumn, nameColumn } from '../table-columns.ts';
import { validateParameters, validateProvisioner } from './parameters.ts';

type StorageClass = ObjectFields<V1StorageClass>;
const classOf = (object: AnyObject): StorageClass => fieldsOf<V1StorageClass>(object);

const reclaimPolicies = ['Delete', 'Retain'];
const bindingModes = ['Immediate', 'WaitForFirstConsumer'];
const defaultAnnotations = [
  'storageclass.kubernetes.io/is-default-class',
  'storageclass.beta.kubernetes.io/is-default-class',
];

/** Whether claims that name no class get this one. */
export const isDefaultClass = ({ metadata: { annotations = {} } }: AnyObject): boolean =>
  defaultAnnotations.some((key) => Object.hasOwn(annotations, key) && annotations[key] === 'true');

export const storageClass = defineKind({
  group: 'storage.k8s.io',
  kind: 'StorageClass',
  plural: 'storageclasses',
  scope: 'Cluster',
  shortNames: ['sc'],
  schema: 'k8s.io.api.storage.v1.StorageClass',
  returnsDeletedObject: true,

  setDefaults(object) {
    const storageClass = classOf(object);
    storageClass.reclaimPolicy ??= 'Delete';
    storageClass.volumeBindingMode ??= 'Immediate';
  },

  validate: (object) => validate(classOf(object)).list,
  validateUpdate: (object, old) => validateChange(classOf(object), classOf(old)).list,

  warnings: (object) => (classOf(object).allowedTopologies ?? []).flatMap(topologyWarnings),

  columns: [
    {
      ...nameColumn,
      value: (object) => `${object.metadata.name ?? ''}${isDefaultClass(object) ? ' (default)' : ''}`,
    },
    { name: 'Provisioner', value: (object) => classOf(object).provisioner ?? '' },
    { name: 'ReclaimPolicy', value: (object) => classOf(object).reclaimPolicy ?? 'Delete' },
    { name: 'VolumeBindingMode', value: (object) => classOf(object).volumeBindingMode ?? 'Immediate' },
    { name: 'AllowVolumeExpansion', value: (object) => classOf(object).allowVolumeExpansion ?? false },
    ageColumn,
  ],
  columnsComplete: true,

  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'example' },
    provisioner: 'example.com/disks',
  },
});

function validate(storageClass: StorageClass): FieldErrors {
  const errors = new FieldErrors();
  const { provisioner = '', parameters = {}, reclaimPolicy, volumeBindingMode, allowedTopologies = [] } = storageClass;
  validateProvisioner(provisioner, 'provisioner', errors);
  validateParameters(parameters, 'parameters', errors);
  if (reclaimPolicy && !reclaimPolicies.includes(reclaimPolicy))
    errors.notSupported('reclaimPolicy', reclaimPolicy, reclaimPolicies);
  if (volumeBindingMode === undefined) errors.required('volumeBindingMode');
  else if (!bindingModes.includes(volumeBindingMode))
    errors.notSupported('volumeBindingMode', volumeBindingMode, bindingModes);
  validateTopologies(allowedTopologies, 'allowedTopologies', errors);
  return errors;
}

function validateChange(storageClass: StorageClass, old: StorageClass): FieldErrors {
  const errors = new FieldErrors();
  for (const field of ['parameters', 'provisioner', 'reclaimPolicy', 'volumeBindingMode'] as const)
    if (!semanticallyEqual(storageClass[field], old[field]))
      errors.invalid(field, storageClass[field] ?? null, 'field is immutable');
  return errors;
}

type Term = Fields<V1TopologySelectorTerm>;

function validateTopologies(terms: readonly Term[], path: string, errors: FieldErrors): void {
  const seen: Map<string, Set<string>>[] = [];
  terms.forEach((term, index) => {
    const at = `${path}[${index}].matchLabelExpressions`;
    const required = validateTerm(term, `${path}.matchLabelExpressions`, errors);
    if (!required.size || seen.some((before) => sameRequirements(before, required))) errors.duplicate(at, '');
    seen.push(required);
  });
}

/** The values each label may have. Upstream names the list, not the term, in what it says of a term. */
function validateTerm(
  { matchLabelExpressions = [] }: Term,
  path: string,
  errors: FieldErrors,
): Map<string, Set<string>> {
  const required = new Map<string, Set<string>>();
  matchLabelExpressions.forEach(({ key = '', values = [] }, index) => {
    const at = `${path}[${index}]`;
    if (!values.length) errors.required(`${at}.values`);
    const allowed = new Set<string>();
    values.forEach((value, position) => {
      if (allowed.has(value)) errors.duplicate(`${at}.values[${position}]`, value);
      allowed.add(value);
    });
    errors.invalidEach(`${at}.key`, key, checkQualifiedName(key));
    if (required.has(key)) errors.duplicate(`${at}.key`, key);
    required.set(key, allowed);
  });
  return required;
}

const sameRequirements = (left: Map<string, Set<string>>, right: Map<string, Set<string>>): boolean =>
  left.size === right.size &&
  [...left].every(([key, values]) => {
    const others = right.get(key);
    return others?.size === values.size && [...values].every((value) => others.has(value));
  });

const topologyWarnings = ({ matchLabelExpressions = [] }: Term, term: number): string[] =>
  matchLabelExpressions.flatMap(({ key = '' }, index) => {
    const message = deprecatedLabel(key);
    return message ? [`allowedTopologies[${term}].matchLabelExpressions[${index}].key: ${key} is ${message}`] : [];
  });

/** CSIStorageCapacity: how much storage of a class there is left, and where. */
// Like pkg/registry/storage/csistoragecapacity and ValidateCSIStorageCapacity.
import type { V1CSIStorageCapacity } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { subdomainName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { noCsiDrivers } from './no-csi-drivers.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import { validateLabelSelector } from '../label-selectors.ts';
import { isNegative } from '../quantities.ts';
import { createdAtColumn, nameColumn } from '../table-columns.ts';

const capacityOf = (object: AnyObject) => fieldsOf<V1CSIStorageCapacity>(object);

export const csiStorageCapacity = defineKind({
  group: 'storage.k8s.io',
  kind: 'CSIStorageCapacity',
  plural: 'csistoragecapacities',
  schema: 'k8s.io.api.storage.v1.CSIStorageCapacity',
  notActedOn: noCsiDrivers,
  allowUnconditionalUpdate: false,

  validate: (object) => validate(object).list,

  validateUpdate(object, old) {
    const errors = validate(object);
    for (const field of ['nodeTopology', 'storageClassName'] as const)
      if (!semanticallyEqual(object[field], old[field]))
        errors.invalid(field, object[field] ?? null, 'field is immutable');
    return errors.list;
  },

  columns: [nameColumn, createdAtColumn],
  columnsComplete: true,

  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'CSIStorageCapacity',
    metadata: { name: 'example' },
    storageClassName: 'example',
    capacity: '10Gi',
  },
});

function validate(object: AnyObject): FieldErrors {
  const errors = new FieldErrors();
  const { storageClassName = '', nodeTopology, capacity, maximumVolumeSize } = capacityOf(object);
  errors.invalidEach('storageClassName', storageClassName, subdomainName(storageClassName, { generateName: false }));
  validateLabelSelector(nodeTopology, 'nodeTopology', errors);
  for (const [field, quantity] of Object.entries({ capacity, maximumVolumeSize }))
    if (quantity !== undefined && isNegative(quantity))
      errors.invalid(field, quantity, 'must be greater than or equal to 0');
  return errors;
}

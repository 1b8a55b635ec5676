/** VolumeAttributesClass: what may be changed of a volume while it is used, such as its speed. */
// Like pkg/registry/storage/volumeattributesclass and ValidateVolumeAttributesClass.
import type { V1VolumeAttributesClass } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { noCsiDrivers } from './no-csi-drivers.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import { validateParameters, validateProvisioner } from './parameters.ts';

const classOf = (object: AnyObject) => fieldsOf<V1VolumeAttributesClass>(object);

export const volumeAttributesClass = defineKind({
  group: 'storage.k8s.io',
  kind: 'VolumeAttributesClass',
  plural: 'volumeattributesclasses',
  scope: 'Cluster',
  shortNames: ['vac'],
  schema: 'k8s.io.api.storage.v1.VolumeAttributesClass',
  notActedOn: noCsiDrivers,
  returnsDeletedObject: true,

  validate: (object) => validate(object).list,

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    for (const field of ['driverName', 'parameters'] as const)
      if (!semanticallyEqual(classOf(object)[field], classOf(old)[field]))
        errors.forbidden(field, `updates to ${field} are forbidden.`);
    return [...errors.list, ...validate(object).list];
  },

  columns: [{ name: 'DriverName', value: (object) => classOf(object).driverName ?? '' }],

  example: {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'VolumeAttributesClass',
    metadata: { name: 'example' },
    driverName: 'example.com',
    parameters: { iops: '3000' },
  },
});

function validate(object: AnyObject): FieldErrors {
  const errors = new FieldErrors();
  const { driverName = '', parameters = {} } = classOf(object);
  validateProvisioner(driverName, 'driverName', errors);
  validateParameters(parameters, 'parameters', errors, { isRequired: true });
  return errors;
}

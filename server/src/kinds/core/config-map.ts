/** ConfigMap: configuration as keys with text or bytes. */
// Like pkg/registry/core/configmap and ValidateConfigMap.
import type { V1ConfigMap } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkConfigMapKey } from '@naru/api/names';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { ObjectFields } from '../fields.ts';
import { decodedLength } from './secret-data.ts';

/** Bytes that the values of one ConfigMap or Secret may have together. */
export const configurationSizeLimit = 1024 * 1024;

export const configMap = defineKind({
  kind: 'ConfigMap',
  shortNames: ['cm'],
  schema: 'k8s.io.api.core.v1.ConfigMap',
  returnsDeletedObject: false,
  metadataRechecks: 1,

  validate: (object) => validateConfigMap(fieldsOf<V1ConfigMap>(object)).list,

  validateUpdate(object, old) {
    const [changed, stored] = [fieldsOf<V1ConfigMap>(object), fieldsOf<V1ConfigMap>(old)];
    const errors = new FieldErrors();
    if (stored.immutable) {
      if (!changed.immutable) errors.forbidden('immutable', 'field is immutable when `immutable` is set');
      for (const field of ['data', 'binaryData'] as const)
        if (!semanticallyEqual(changed[field], stored[field]))
          errors.forbidden(field, 'field is immutable when `immutable` is set');
    }
    return [...errors.list, ...validateConfigMap(changed).list];
  },

  columns: [
    {
      name: 'Data',
      type: 'string',
      value(object) {
        const { data = {}, binaryData = {} } = fieldsOf<V1ConfigMap>(object);
        return Object.keys(data).length + Object.keys(binaryData).length;
      },
    },
  ],

  example: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'example' }, data: { greeting: 'hello' } },
});

function validateConfigMap({ data = {}, binaryData = {} }: ObjectFields<V1ConfigMap>): FieldErrors {
  const errors = new FieldErrors();
  let size = 0;
  for (const [key, value] of Object.entries(data)) {
    errors.invalidEach(`data[${key}]`, key, checkConfigMapKey(key));
    if (Object.hasOwn(binaryData, key)) errors.invalid(`data[${key}]`, key, 'duplicate of key present in binaryData');
    size += Buffer.byteLength(value);
  }
  for (const [key, value] of Object.entries(binaryData)) {
    errors.invalidEach(`binaryData[${key}]`, key, checkConfigMapKey(key));
    size += decodedLength(value);
  }
  if (size > configurationSizeLimit) errors.tooLong('[]', configurationSizeLimit);
  return errors;
}

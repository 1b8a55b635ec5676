/** Secret: configuration that not everybody may read; its type says which keys it must have. */
// Like pkg/registry/core/secret, ValidateSecret and pkg/api/secret warnings.
import type { V1Secret } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { goJSONSyntaxError } from '../go-json-syntax.ts';
import { checkConfigMapKey } from '@naru/api/names';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { ObjectFields } from '../fields.ts';
import { configurationSizeLimit } from './config-map.ts';
import { decodedLength, decodeText, encodeText } from './secret-data.ts';
import { tlsPairWarning } from './tls-pair.ts';

type Secret = ObjectFields<V1Secret>;

export const secret = defineKind({
  kind: 'Secret',
  schema: 'k8s.io.api.core.v1.Secret',
  metadataRechecks: 1,

  setDefaults(object) {
    const secret = fieldsOf<V1Secret>(object);
    secret.type ||= 'Opaque';
    const { stringData } = secret;
    delete secret.stringData;
    const texts = Object.entries(stringData ?? {}).map(([key, text]) => [key, encodeText(text)] as const);
    if (texts.length) secret.data = Object.fromEntries([...Object.entries(secret.data ?? {}), ...texts]);
  },

  prepareForUpdate(object, old) {
    // A writer that leaves the type out means the type it has.
    const [changed, stored] = [fieldsOf<V1Secret>(object), fieldsOf<V1Secret>(old)];
    if (!changed.type && stored.type) changed.type = stored.type;
  },

  validate: (object) => validateSecret(fieldsOf<V1Secret>(object)).list,

  validateUpdate(object, old) {
    const [changed, stored] = [fieldsOf<V1Secret>(object), fieldsOf<V1Secret>(old)];
    const errors = new FieldErrors();
    if (changed.type !== stored.type) errors.invalid('type', changed.type ?? '', 'field is immutable');
    if (stored.immutable) {
      if (!changed.immutable) errors.forbidden('immutable', 'field is immutable when `immutable` is set');
      if (!semanticallyEqual(changed.data, stored.data))
        errors.forbidden('data', 'field is immutable when `immutable` is set');
    }
    return [...errors.list, ...validateSecret(changed).list];
  },

  warnings(object) {
    const { type, data = {} } = fieldsOf<V1Secret>(object);
    if (type !== 'kubernetes.io/tls') return [];
    const warning = tlsPairWarning(decodeText(data['tls.crt'] ?? ''), decodeText(data['tls.key'] ?? ''));
    return warning ? [warning] : [];
  },

  selectableFields: { type: (object) => fieldsOf<V1Secret>(object).type ?? '' },

  columns: [
    { name: 'Type', value: (object) => fieldsOf<V1Secret>(object).type ?? '' },
    { name: 'Data', type: 'string', value: (object) => Object.keys(fieldsOf<V1Secret>(object).data ?? {}).length },
  ],

  example: {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'example' },
    type: 'Opaque',
    data: { password: encodeText('change me') },
  },
});

function validateSecret(secret: Secret): FieldErrors {
  const errors = new FieldErrors();
  let size = 0;
  for (const [key, value] of Object.entries(secret.data ?? {})) {
    errors.invalidEach(`data[${key}]`, key, checkConfigMapKey(key));
    size += decodedLength(value);
  }
  if (size > configurationSizeLimit) errors.tooLong('data', configurationSizeLimit);
  validateKeysOfType(secret, errors);
  return errors;
}

function validateKeysOfType({ type, data = {}, metadata }: Secret, errors: FieldErrors): void {
  const has = (key: string) => Object.hasOwn(data, key);
  const requireKeys = (...keys: string[]) => {
    for (const key of keys) if (!has(key)) errors.required(`data[${key}]`);
  };
  switch (type) {
    case 'kubernetes.io/service-account-token':
      if (!metadata.annotations?.['kubernetes.io/service-account.name'])
        errors.required('metadata.annotations[kubernetes.io/service-account.name]');
      return;
    case 'kubernetes.io/dockercfg':
      return requireJSON('.dockercfg', data, errors);
    case 'kubernetes.io/dockerconfigjson':
      return requireJSON('.dockerconfigjson', data, errors);
    case 'kubernetes.io/basic-auth':
      if (!has('username') && !has('password')) requireKeys('username', 'password');
      return;
    case 'kubernetes.io/ssh-auth':
      if (!data['ssh-privatekey']) errors.required('data[ssh-privatekey]');
      return;
    case 'kubernetes.io/tls':
      return requireKeys('tls.crt', 'tls.key');
    default:
  }
}

function requireJSON(key: string, data: Record<string, string>, errors: FieldErrors): void {
  if (!Object.hasOwn(data, key)) {
    errors.required(`data[${key}]`);
    return;
  }
  const problem = goJSONSyntaxError(decodeText(data[key] ?? ''));
  if (problem) errors.invalid(`data[${key}]`, '<secret contents redacted>', problem);
}

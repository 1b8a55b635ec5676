/** IPAddress: that an address of the service network is taken, and by whom. */
// Like pkg/registry/networking/ipaddress and ValidateIPAddress.
import type { V1IPAddress, V1ParentReference } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkCanonicalIP } from '@naru/api/ip-addresses';
import { checkDNS1123Subdomain, checkPathSegment } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { semanticallyEqual } from '../equality.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';
import { ageColumn, nameColumn } from '../table-columns.ts';
import { validateRequiredSegment } from './ingress-rules.ts';

const parentOf = (object: AnyObject) => fieldsOf<V1IPAddress>(object).spec?.parentRef;

export const ipAddress = defineKind({
  group: 'networking.k8s.io',
  kind: 'IPAddress',
  plural: 'ipaddresses',
  scope: 'Cluster',
  shortNames: ['ip'],
  schema: 'k8s.io.api.networking.v1.IPAddress',
  generation: false,
  validateName: (name) => checkCanonicalIP(name),

  validate(object) {
    const errors = new FieldErrors();
    const parent = parentOf(object);
    if (parent) validateParent(parent, 'spec.parentRef', errors);
    else errors.required('spec.parentRef');
    return errors.list;
  },

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    const parent = parentOf(object);
    if (!semanticallyEqual(parent, parentOf(old)))
      errors.invalid(
        'spec.parentRef',
        parent ? goStruct(parent, 'k8s.io.api.networking.v1.ParentReference') : null,
        'field is immutable',
      );
    return errors.list;
  },

  // Upstream's rows have an age, but no column says so.
  columns: [
    nameColumn,
    { name: 'ParentRef', value: (object) => parentName(parentOf(object) ?? {}) },
    { ...ageColumn, isUntitled: true },
  ],
  columnsComplete: true,

  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IPAddress',
    metadata: { name: '192.0.2.1' },
    spec: { parentRef: { resource: 'services', namespace: 'default', name: 'example' } },
  },
});

function validateParent(
  { group = '', resource = '', name = '', namespace = '' }: Fields<V1ParentReference>,
  path: string,
  errors: FieldErrors,
): void {
  if (group) errors.invalidEach(`${path}.group`, group, checkDNS1123Subdomain(group));
  validateRequiredSegment(resource, `${path}.resource`, errors);
  validateRequiredSegment(name, `${path}.name`, errors);
  if (namespace) errors.invalidEach(`${path}.namespace`, namespace, checkPathSegment(namespace));
}

const parentName = ({ group = '', resource = '', namespace = '', name = '' }: Fields<V1ParentReference>): string =>
  [group ? `${resource}.${group}` : resource, namespace, name].filter(Boolean).join('/');

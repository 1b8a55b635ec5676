/** IngressClass: which program makes Ingresses true. */
// Like pkg/registry/networking/ingressclass and ValidateIngressClass.
import type { V1IngressClass, V1IngressClassParametersReference } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Subdomain, labelName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { validateDomainPrefixedPath } from '../domain-prefixed-path.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { validateRequiredSegment } from './ingress-rules.ts';

type Parameters = Fields<V1IngressClassParametersReference>;
const specOf = (object: AnyObject) => fieldsOf<V1IngressClass>(object).spec ?? {};

const longestController = 250;
const scopes = ['Cluster', 'Namespace'];

export const ingressClass = defineKind({
  group: 'networking.k8s.io',
  kind: 'IngressClass',
  plural: 'ingressclasses',
  scope: 'Cluster',
  schema: 'k8s.io.api.networking.v1.IngressClass',
  generation: true,
  metadataRechecks: 1,

  setDefaults(object) {
    const { parameters } = specOf(object);
    if (parameters) parameters.scope ??= 'Cluster';
  },

  validate: (object) => validateSpec(object).list,

  validateUpdate(object, old) {
    const errors = new FieldErrors();
    const { controller = '' } = specOf(object);
    if (controller !== (specOf(old).controller ?? ''))
      errors.invalid('spec.controller', controller, 'field is immutable');
    return [...errors.list, ...validateSpec(object).list];
  },

  columns: [
    { name: 'Controller', value: (object) => specOf(object).controller ?? '' },
    { name: 'Parameters', value: (object) => parametersName(specOf(object).parameters) },
  ],

  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name: 'example' },
    spec: { controller: 'example.com/ingress' },
  },
});

function validateSpec(object: AnyObject): FieldErrors {
  const errors = new FieldErrors();
  const { controller = '', parameters } = specOf(object);
  if (Buffer.byteLength(controller) > longestController) errors.tooLong('spec.controller', longestController);
  validateDomainPrefixedPath(controller, 'spec.controller', errors);
  if (parameters) validateParameters(parameters, 'spec.parameters', errors);
  return errors;
}

function validateParameters(parameters: Parameters, path: string, errors: FieldErrors): void {
  const { apiGroup, kind = '', name = '', scope, namespace } = parameters;
  if (apiGroup !== undefined) errors.invalidEach(`${path}.apiGroup`, apiGroup, checkDNS1123Subdomain(apiGroup));
  validateRequiredSegment(kind, `${path}.kind`, errors);
  validateRequiredSegment(name, `${path}.name`, errors);
  if (scope === undefined) return errors.required(`${path}.scope`);
  if (!scopes.includes(scope)) return errors.notSupported(`${path}.scope`, scope, scopes);
  if (scope === 'Cluster') {
    if (namespace !== undefined) errors.forbidden(`${path}.namespace`, "`parameters.scope` is set to 'Cluster'");
  } else if (namespace === undefined) errors.required(`${path}.namespace`, "`parameters.scope` is set to 'Namespace'");
  else errors.invalidEach(`${path}.namespace`, namespace, labelName(namespace, { generateName: false }));
}

function parametersName(parameters: Parameters | undefined): string {
  if (!parameters) return '<none>';
  const { kind = '', apiGroup, name = '' } = parameters;
  return apiGroup ? `${kind}.${apiGroup}/${name}` : `${kind}/${name}`;
}

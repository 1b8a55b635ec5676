/** May somebody do something? */
// Like pkg/registry/authorization and pkg/apis/authorization/validation.
import type { V1SubjectAccessReview } from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { formatFieldSelector } from '@naru/api/field-selector';
import { invalid, type FieldError } from '@naru/api/status';
import { checkQualifiedName } from '@naru/api/names';
import type { AnyObject, ManagedFieldsEntry } from '@naru/api/object';
import type { User } from '../../authn/user.ts';
import type { Attributes } from '../../authz/authorize.ts';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Api } from '../api.ts';
import { track } from '../managed-fields.ts';
import type { VirtualRequest } from './virtual-request.ts';

type Review = ObjectFields<V1SubjectAccessReview>;
type Spec = NonNullable<Review['spec']>;

export function accessReview(request: VirtualRequest, api: Api): AnyObject {
  const { object, kind, namespace } = request;
  const isSelf = kind.kind === 'SelfSubjectAccessReview';
  const { spec = {} } = fieldsOf<V1SubjectAccessReview>(object);
  track(object, undefined, { ...request, now: api.clock.now() }, api.catalog);
  const errors = [...specErrors(spec, isSelf), ...metadataErrors(object)];
  if (kind.kind === 'LocalSubjectAccessReview') {
    object.metadata.namespace = namespace;
    errors.push(...localErrors(spec, namespace));
  }
  if (errors.length) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
  const user = isSelf ? request.user : userOf(spec);
  const { opinion, reason } = api.authorizer(attributesOf(spec, user));
  return {
    ...object,
    status: { allowed: opinion === 'allow', ...(opinion === 'deny' && { denied: true }), ...(reason && { reason }) },
  } as AnyObject;
}

function userOf({ user = '', uid, groups = [], extra = {} }: Spec): User {
  return {
    name: user,
    ...(uid && { uid }),
    groups: groups as string[],
    extra: new Map(Object.entries(extra as Record<string, string[]>)),
  };
}

function attributesOf({ resourceAttributes, nonResourceAttributes }: Spec, user: User): Attributes {
  if (nonResourceAttributes) {
    return { user, verb: nonResourceAttributes.verb ?? '', path: nonResourceAttributes.path ?? '' };
  }
  const {
    verb = '',
    group = '',
    version = '',
    resource = '',
    subresource = '',
    namespace = '',
    name = '',
  } = resourceAttributes ?? {};
  const fieldSelector = selectorText(resourceAttributes?.fieldSelector);
  return {
    ...{ user, verb, group, version, resource, subresource, namespace, name },
    ...(fieldSelector && { fieldSelector }),
  };
}

type FieldSelector = NonNullable<NonNullable<Spec['resourceAttributes']>['fieldSelector']>;

/** Only what one value satisfies can be said as a field selector. */
function selectorText(selector: FieldSelector | undefined): string {
  if (selector?.rawSelector) return selector.rawSelector;
  const terms = (selector?.requirements ?? []).filter(
    ({ operator, values }) => operator === 'In' && values?.length === 1,
  );
  return formatFieldSelector(
    terms.map(({ key = '', values = [] }) => ({ field: key, operator: '=', value: values[0] ?? '' })),
  );
}

function specErrors(spec: Spec, isSelf: boolean): FieldError[] {
  const errors: FieldError[] = [];
  const { resourceAttributes, nonResourceAttributes } = spec;
  if (resourceAttributes && nonResourceAttributes) {
    const message = `Invalid value: ${shownPath(nonResourceAttributes)}: cannot be specified in combination with resourceAttributes`;
    errors.push({ field: 'spec.nonResourceAttributes', reason: 'FieldValueInvalid', message });
  }
  if (!resourceAttributes && !nonResourceAttributes) {
    const message = 'Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified';
    errors.push({ field: 'spec.resourceAttributes', reason: 'FieldValueInvalid', message });
  }
  for (const name of ['fieldSelector', 'labelSelector'] as const)
    errors.push(...selectorErrors(resourceAttributes?.[name], name));
  if (!isSelf && !spec.user && !spec.groups?.length) {
    const message = 'Invalid value: "": at least one of user or group must be specified';
    errors.push({ field: 'spec.user', reason: 'FieldValueInvalid', message });
  }
  return errors;
}

type PathAttributes = NonNullable<Spec['nonResourceAttributes']>;

const shownPath = ({ path = '', verb = '' }: PathAttributes): string => JSON.stringify({ Path: path, Verb: verb });

/** A review in a namespace is of what is in that namespace. */
function localErrors({ resourceAttributes, nonResourceAttributes }: Spec, namespace: string): FieldError[] {
  const errors: FieldError[] = [];
  if (resourceAttributes && resourceAttributes.namespace !== namespace) {
    const message = `Invalid value: ${JSON.stringify(resourceAttributes.namespace ?? '')}: must match metadata.namespace`;
    errors.push({ field: 'spec.resourceAttributes.namespace', reason: 'FieldValueInvalid', message });
  }
  if (nonResourceAttributes) {
    const message = `Invalid value: ${shownPath(nonResourceAttributes)}: disallowed on this kind of request`;
    errors.push({ field: 'spec.nonResourceAttributes', reason: 'FieldValueInvalid', message });
  }
  return errors;
}

/** A question has no name and no labels. */
function metadataErrors({ metadata }: AnyObject): FieldError[] {
  const { managedFields, namespace: _place, ...given } = metadata;
  if (!Object.keys(given).length) return [];
  const shown = { ...given, ...(managedFields && { managedFields: managedFields.map(shownEntry) }) };
  const message = `Invalid value: ${JSON.stringify(shown)}: must be empty`;
  return [{ field: 'metadata', reason: 'FieldValueInvalid', message }];
}

/** In the order of the type's fields. */
const shownEntry = ({ manager, operation, apiVersion, time, fieldsType, fieldsV1 }: ManagedFieldsEntry) => ({
  ...{ manager, operation, apiVersion, time, fieldsType, fieldsV1 },
});

interface Requirement {
  key?: string;
  operator?: string;
  values?: readonly string[];
}

function selectorErrors(
  selector: { rawSelector?: string; requirements?: readonly Requirement[] } | undefined,
  name: 'fieldSelector' | 'labelSelector',
): FieldError[] {
  if (!selector) return [];
  const path = `spec.resourceAttributes.${name}`;
  const { rawSelector, requirements = [] } = selector;
  const errors = new FieldErrors();
  if (rawSelector && requirements.length)
    errors.invalid(`${path}.rawSelector`, rawSelector, 'may not specified at the same time as requirements');
  if (!rawSelector && !requirements.length)
    errors.required(`${path}.requirements`, `when ${path} is specified, requirements or rawSelector is required`);
  if (!rawSelector)
    requirements.forEach((one, index) => validateRequirement(one, name, `${path}.requirements[${index}]`, errors));
  return errors.list;
}

/** Operators that are not known are left to the authorizer. */
function validateRequirement(
  { key = '', operator, values = [] }: Requirement,
  selector: 'fieldSelector' | 'labelSelector',
  path: string,
  errors: FieldErrors,
): void {
  if (selector === 'fieldSelector' && !key) errors.required(`${path}.key`, 'must be specified');
  if ((operator === 'In' || operator === 'NotIn') && !values.length)
    errors.required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'");
  if ((operator === 'Exists' || operator === 'DoesNotExist') && values.length)
    errors.forbidden(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'");
  if (selector === 'labelSelector') errors.invalidEach(`${path}.key`, key, checkQualifiedName(key));
}

/** May somebody do something? */
// Like pkg/registry/authorization and pkg/apis/authorization/validation.
import type { V1SubjectAccessReview } from '@kubernetes/client-node';
import { invalid, type FieldError } from '@naru/api/status';
import type { AnyObject } from '@naru/api/object';
import type { User } from '../../authn/user.ts';
import type { Attributes } from '../../authz/authorize.ts';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Api } from '../api.ts';
import { track } from '../managed-fields.ts';
import type { VirtualRequest } from './answer-virtual.ts';

type Review = ObjectFields<V1SubjectAccessReview>;
type Spec = NonNullable<Review['spec']>;

export function accessReview(request: VirtualRequest, api: Api): AnyObject {
  const { object, kind, namespace } = request;
  const isSelf = kind.kind === 'SelfSubjectAccessReview';
  const { spec = {} } = fieldsOf<V1SubjectAccessReview>(object);
  const errors = specErrors(spec, isSelf);
  if (kind.kind === 'LocalSubjectAccessReview') {
    object.metadata.namespace = namespace;
    errors.push(...localErrors(spec, namespace));
  }
  if (errors.length) throw invalid({ group: 'authorization.k8s.io', kind: '' }, '', errors);
  const user = isSelf ? request.user : userOf(spec);
  const { opinion, reason } = api.authorizer(attributesOf(spec, user));
  track(object, undefined, { ...request, now: api.clock.now() }, api.catalog);
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
  return { user, verb, group, version, resource, subresource, namespace, name };
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

function selectorErrors(
  selector: { rawSelector?: string; requirements?: readonly unknown[] } | undefined,
  name: string,
): FieldError[] {
  if (!selector) return [];
  const path = `spec.resourceAttributes.${name}`;
  const { rawSelector, requirements = [] } = selector;
  if (rawSelector && requirements.length) {
    const message = `Invalid value: ${JSON.stringify(rawSelector)}: may not specified at the same time as requirements`;
    return [{ field: `${path}.rawSelector`, reason: 'FieldValueInvalid', message }];
  }
  if (rawSelector || requirements.length) return [];
  const message = `Required value: when ${path} is specified, requirements or rawSelector is required`;
  return [{ field: `${path}.requirements`, reason: 'FieldValueRequired', message }];
}

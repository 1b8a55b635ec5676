/** What a role allows. */
// Like ValidatePolicyRule of pkg/apis/rbac/validation.
import type { RbacV1Subject, V1PolicyRule, V1RoleRef } from '@kubernetes/client-node';
import type { FieldErrors } from '@naru/api/field-errors';
import { checkPathSegment, subdomainName } from '@naru/api/names';
import { semanticallyEqual } from '../equality.ts';
import type { Fields } from '../fields.ts';
import { goStruct } from '../go-struct.ts';

export const rbacGroup = 'rbac.authorization.k8s.io';

export type Rule = Fields<V1PolicyRule>;
export type Subject = Fields<RbacV1Subject>;
export type RoleRef = Fields<V1RoleRef>;

export function validateRule(
  rule: Rule,
  { isNamespaced }: { isNamespaced: boolean },
  path: string,
  errors: FieldErrors,
): void {
  const { verbs = [], nonResourceURLs: urls = [], apiGroups = [], resources = [], resourceNames = [] } = rule;
  if (!verbs.length) errors.required(`${path}.verbs`, 'verbs must contain at least one value');
  if (urls.length) {
    if (isNamespaced)
      errors.invalid(`${path}.nonResourceURLs`, urls, 'namespaced rules cannot apply to non-resource URLs');
    if (apiGroups.length || resources.length || resourceNames.length)
      errors.invalid(
        `${path}.nonResourceURLs`,
        urls,
        'rules cannot apply to both regular resources and non-resource URLs',
      );
    return;
  }
  if (!apiGroups.length) errors.required(`${path}.apiGroups`, 'resource rules must supply at least one api group');
  if (!resources.length) errors.required(`${path}.resources`, 'resource rules must supply at least one resource');
}

/** The group of a subject and of a role follows from its kind. Like SetDefaults_Subject. */
export function setBindingDefaults(roleRef: RoleRef, subjects: readonly Subject[] = []): void {
  roleRef.apiGroup ||= rbacGroup;
  for (const subject of subjects)
    if (subject.kind === 'User' || subject.kind === 'Group') subject.apiGroup ||= rbacGroup;
}

interface Binding {
  roleRef?: RoleRef;
  subjects?: Subject[];
}

export function validateBinding(
  { roleRef = {}, subjects = [] }: Binding,
  { isNamespaced }: { isNamespaced: boolean },
  errors: FieldErrors,
): void {
  const { apiGroup = '', kind = '', name = '' } = roleRef;
  if (apiGroup !== rbacGroup) errors.notSupported('roleRef.apiGroup', apiGroup, [rbacGroup]);
  const kinds = isNamespaced ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (!kinds.includes(kind)) errors.notSupported('roleRef.kind', kind, kinds);
  if (!name) errors.required('roleRef.name');
  else errors.invalidEach('roleRef.name', name, checkPathSegment(name));
  subjects.forEach((subject, index) => validateSubject(subject, isNamespaced, `subjects[${index}]`, errors));
}

function validateSubject(
  { kind = '', name = '', apiGroup = '', namespace = '' }: Subject,
  isNamespaced: boolean,
  path: string,
  errors: FieldErrors,
): void {
  if (!name) errors.required(`${path}.name`);
  if (kind === 'ServiceAccount') {
    if (name) errors.invalidEach(`${path}.name`, name, subdomainName(name, { generateName: false }));
    if (apiGroup) errors.notSupported(`${path}.apiGroup`, apiGroup, ['']);
    if (!isNamespaced && !namespace) errors.required(`${path}.namespace`);
  } else if (kind === 'User' || kind === 'Group') {
    if (apiGroup !== rbacGroup) errors.notSupported(`${path}.apiGroup`, apiGroup, [rbacGroup]);
  } else errors.notSupported(`${path}.kind`, kind, ['ServiceAccount', 'User', 'Group']);
}

/** A binding stays with its role for life. */
export function validateSameRole(roleRef: RoleRef | undefined, old: RoleRef | undefined, errors: FieldErrors): void {
  if (!semanticallyEqual(roleRef, old))
    errors.invalid('roleRef', goStruct(roleRef ?? {}, 'k8s.io.api.rbac.v1.RoleRef'), 'cannot change roleRef');
}

/** The subjects of one kind as Tables list them. */
export function subjectList(subjects: readonly Subject[] | undefined | null, kind: string): string {
  const named = (subjects ?? []).filter((subject) => subject.kind === kind);
  return named
    .map(({ namespace = '', name = '' }) => (kind === 'ServiceAccount' ? `${namespace}/${name}` : name))
    .join(', ');
}

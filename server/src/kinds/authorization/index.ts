/** The kinds of authorization.k8s.io: questions that are answered and not kept. */
import { defineKind, type Kind } from '../define-kind.ts';

const question = (kind: string, scope: Kind['scope'] = 'Cluster'): Kind =>
  defineKind({
    group: 'authorization.k8s.io',
    kind,
    scope,
    schema: `k8s.io.api.authorization.v1.${kind}`,
    verbs: ['create'],
    virtual: true,
  });

export const authorization: readonly Kind[] = [
  question('LocalSubjectAccessReview', 'Namespaced'),
  question('SelfSubjectAccessReview'),
  question('SelfSubjectRulesReview'),
  question('SubjectAccessReview'),
];

/** The kinds of authentication.k8s.io: questions that are answered and not kept. */
import { defineKind, type Kind } from '../define-kind.ts';

const question = (kind: string): Kind =>
  defineKind({
    group: 'authentication.k8s.io',
    kind,
    scope: 'Cluster',
    schema: `k8s.io.api.authentication.v1.${kind}`,
    verbs: ['create'],
    virtual: true,
  });

export const authentication: readonly Kind[] = [question('SelfSubjectReview'), question('TokenReview')];

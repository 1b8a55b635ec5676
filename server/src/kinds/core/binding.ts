/** Binding: puts a pod on a node; a wish that is carried out and not kept. */
import { defineKind } from '../define-kind.ts';

export const binding = defineKind({
  kind: 'Binding',
  schema: 'k8s.io.api.core.v1.Binding',
  verbs: ['create'],
  virtual: true,
});

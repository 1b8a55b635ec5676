/** ServiceAccount: who a pod is to the API. */
// Like pkg/registry/core/serviceaccount.
import { defineKind } from '../define-kind.ts';

export const serviceAccount = defineKind({
  kind: 'ServiceAccount',
  shortNames: ['sa'],
  schema: 'k8s.io.api.core.v1.ServiceAccount',
  subresources: ['token'],
  returnsDeletedObject: true,
  metadataRechecks: 1,

  prepareForCreate: cleanSecretReferences,
  prepareForUpdate: cleanSecretReferences,

  warnings(object) {
    const deprecated = 'kubernetes.io/enforce-mountable-secrets';
    return object.metadata.annotations?.[deprecated] === undefined
      ? []
      : [
          `metadata.annotations[${deprecated}]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets`,
        ];
  },

  columns: [],

  example: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'example' } },
});

/** Secrets of a service account are named, and nothing more: what else a reference holds is dropped. */
function cleanSecretReferences(object: Record<string, unknown>): void {
  if (!Array.isArray(object['secrets'])) return;
  object['secrets'] = object['secrets'].map(({ name }: { name?: string }) => (name === undefined ? {} : { name }));
}

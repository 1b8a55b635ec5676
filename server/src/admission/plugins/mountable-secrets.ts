/** A service account may say that its pods use the secrets it names and no others. */
// Like limitSecretReferences of plugin/pkg/admission/serviceaccount.
import type { V1Container, V1ServiceAccount } from '@kubernetes/client-node';
import { forbidden } from '@naru/api/status';
import type { Fields, ObjectFields } from '../../kinds/fields.ts';
import type { PodFields } from './pod-fields.ts';

export const mountableAnnotation = 'kubernetes.io/enforce-mountable-secrets';

type Account = ObjectFields<V1ServiceAccount>;
type Container = Fields<V1Container>;

/** Throws 403 at the first secret that `account` does not name. */
export function assertMountable({ metadata, spec = {} }: PodFields, account: Account): void {
  const { name: called = '' } = account.metadata;
  const mountable = new Set((account.secrets ?? []).map(({ name = '' }) => name));
  const refuse = (what: string, kind = 'secret') =>
    forbidden(
      { group: '', resource: 'pods' },
      metadata.name ?? '',
      `${what} is not allowed because service account ${called} does not reference that ${kind}`,
    );
  for (const { secret } of spec.volumes ?? []) {
    const name = secret?.secretName ?? '';
    if (secret && !mountable.has(name)) throw refuse(`volume with secret.secretName=${JSON.stringify(name)}`);
  }
  const sorts: readonly (readonly [string, readonly Container[]])[] = [
    ['init container', spec.initContainers ?? []],
    ['container', spec.containers ?? []],
    ['ephemeral container', (spec.ephemeralContainers ?? []) as Container[]],
  ];
  for (const [sort, containers] of sorts)
    for (const container of containers)
      for (const [use, name] of usesOf(container))
        if (!mountable.has(name))
          throw refuse(
            `${sort} ${container.name ?? ''} with ${use} referencing secret.secretName=${JSON.stringify(name)}`,
          );
  const pullable = new Set((account.imagePullSecrets ?? []).map(({ name = '' }) => name));
  (spec.imagePullSecrets ?? []).forEach(({ name = '' }, index) => {
    if (!pullable.has(name)) throw refuse(`imagePullSecrets[${index}].name=${JSON.stringify(name)}`, 'imagePullSecret');
  });
}

/** How a container uses secrets in its environment, and which. */
function* usesOf({ env = [], envFrom = [] }: Container): Iterable<[use: string, secret: string]> {
  for (const { name = '', valueFrom } of env)
    if (valueFrom?.secretKeyRef) yield [`envVar ${name}`, valueFrom.secretKeyRef.name ?? ''];
  for (const { secretRef } of envFrom) if (secretRef) yield ['envFrom', secretRef.name ?? ''];
}

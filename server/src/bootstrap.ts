/** What a new cluster begins with. */
// Like kube-apiserver pkg/controlplane: system namespaces.
import { isAlreadyExists } from '@naru/api/status';
import type { Api } from './verbs/api.ts';
import { create } from './verbs/create.ts';

const namespaces = ['kube-system', 'kube-public', 'kube-node-lease', 'default'];
const user = { name: 'system:apiserver', groups: ['system:masters', 'system:authenticated'] };

export async function bootstrap(api: Api): Promise<void> {
  for (const name of namespaces) await ensure(api, 'Namespace', { metadata: { name } });
}

async function ensure(
  api: Api,
  kindName: string,
  object: { metadata: { name: string; namespace?: string } },
): Promise<void> {
  const kind = api.catalog.byKind({ group: '', version: 'v1', kind: kindName });
  if (!kind) return;
  const { name, namespace = '' } = object.metadata;
  try {
    kind.setDefaults?.(object);
    await create(
      {
        kind,
        namespace,
        name,
        subresource: '',
        user,
        object,
        dryRun: false,
        fieldManager: 'kube-apiserver',
        warn: () => {},
      },
      api,
    );
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
}

/** Nothing is created in a namespace that is missing or on its way out, and three namespaces stay for good. */
// Like apiserver pkg/admission/plugin/namespace/lifecycle.
import { StatusError, forbidden, notFound } from '@naru/api/status';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';

const immortal = new Set(['default', 'kube-system', 'kube-public']);

export const namespaceLifecycle = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'NamespaceLifecycle',
  mutate(attributes) {
    if (attributes.operation === 'CREATE' && attributes.kind.scope === 'Namespaced') assertOpen(attributes, reader);
  },
  validate({ operation, kind, name }) {
    if (operation !== 'DELETE' || kind.storagePrefix !== 'namespaces' || !immortal.has(name)) return;
    throw forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted');
  },
});

function assertOpen({ kind, namespace, object }: Attributes, reader: Reader): void {
  const room = reader.find('namespaces', '', namespace);
  if (!room) throw notFound({ group: '', resource: 'namespaces' }, namespace);
  if (!room.metadata.deletionTimestamp) return;
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  const { status } = forbidden({ group: kind.group, resource: kind.plural }, object?.metadata.name ?? '', why);
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${namespace} is being terminated`,
    field: 'metadata.namespace',
  };
  throw new StatusError({ ...status, details: { ...status.details, causes: [cause] } });
}

/** A claim that names no class gets the cluster's. */
// Like plugin/pkg/admission/storage/storageclass/setdefault.
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { annotatedClass } from '../../kinds/core/access-modes.ts';
import { fieldsOf } from '../../kinds/fields.ts';
import { isDefaultClass } from '../../kinds/storage/storage-class.ts';
import type { AdmissionPlugin } from '../admission.ts';
import type { Reader } from '../reader.ts';

export const defaultStorageClass = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'DefaultStorageClass',
  mutate({ operation, kind, subresource, object }) {
    if (operation !== 'CREATE' || kind.storagePrefix !== 'persistentvolumeclaims' || subresource || !object) return;
    const claim = fieldsOf<V1PersistentVolumeClaim>(object);
    if (claim.spec?.storageClassName !== undefined || annotatedClass(claim.metadata.annotations) !== undefined) return;
    const name = defaultClass(reader);
    if (name) (claim.spec ??= {}).storageClassName = name;
  },
});

/** Of several the newest; of those the first by name. */
function defaultClass(reader: Reader): string | undefined {
  let chosen: AnyObject | undefined;
  for (const candidate of reader.all('storageclasses'))
    if (isDefaultClass(candidate) && (!chosen || isNewer(candidate, chosen))) chosen = candidate;
  return chosen?.metadata.name;
}

// Classes come in the order of their names.
const isNewer = ({ metadata }: AnyObject, { metadata: other }: AnyObject): boolean =>
  (metadata.creationTimestamp ?? '') > (other.creationTimestamp ?? '');

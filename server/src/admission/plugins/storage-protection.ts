/** Storage stays until nobody uses it any more: a finalizer says so from the beginning. */
// Like plugin/pkg/admission/storage/storageobjectinuseprotection.
import type { AdmissionPlugin } from '../admission.ts';

/** By where the kinds are kept. */
const finalizers = new Map([
  ['persistentvolumes', 'kubernetes.io/pv-protection'],
  ['persistentvolumeclaims', 'kubernetes.io/pvc-protection'],
  ['volumeattributesclasses', 'kubernetes.io/vac-protection'],
]);

export const storageProtection = (): AdmissionPlugin => ({
  name: 'StorageObjectInUseProtection',
  mutate({ operation, kind, subresource, object }) {
    if (operation !== 'CREATE' || subresource || !object) return;
    const finalizer = finalizers.get(kind.storagePrefix);
    if (!finalizer) return;
    const present = object.metadata.finalizers ?? [];
    if (!present.includes(finalizer)) object.metadata.finalizers = [...present, finalizer];
  },
});

/** A claim may grow only when its class says that volumes can. */
// Like plugin/pkg/admission/storage/persistentvolume/resize.
import type { V1PersistentVolumeClaim, V1StorageClass } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { forbidden } from '@naru/api/status';
import { storageClassOf } from '../../kinds/core/access-modes.ts';
import { fieldsOf } from '../../kinds/fields.ts';
import { compareQuantities } from '../../kinds/quantities.ts';
import type { AdmissionPlugin } from '../admission.ts';
import type { Reader } from '../reader.ts';

export const claimResize = ({ reader }: { reader: Reader }): AdmissionPlugin => ({
  name: 'PersistentVolumeClaimResize',
  validate({ operation, kind, subresource, name, object, oldObject }) {
    if (operation !== 'UPDATE' || kind.storagePrefix !== 'persistentvolumeclaims' || subresource) return;
    if (!object || !oldObject || compareQuantities(sizeOf(object), sizeOf(oldObject)) <= 0) return;
    const refuse = (why: string) => forbidden({ group: '', resource: 'persistentvolumeclaims' }, name, why);
    if (fieldsOf<V1PersistentVolumeClaim>(oldObject).status?.phase !== 'Bound')
      throw refuse('Only bound persistent volume claims can be expanded');
    if (!mayGrow(object, oldObject, reader))
      throw refuse(
        'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize',
      );
  },
});

const sizeOf = (object: AnyObject): string =>
  fieldsOf<V1PersistentVolumeClaim>(object).spec?.resources?.requests?.['storage'] ?? '0';

function mayGrow(object: AnyObject, old: AnyObject, reader: Reader): boolean {
  const name = classOf(object);
  if (!name || name !== classOf(old)) return false;
  const storageClass = reader.find('storageclasses', '', name);
  return !!storageClass && fieldsOf<V1StorageClass>(storageClass).allowVolumeExpansion === true;
}

const classOf = (object: AnyObject): string =>
  storageClassOf(object.metadata.annotations, fieldsOf<V1PersistentVolumeClaim>(object).spec?.storageClassName);

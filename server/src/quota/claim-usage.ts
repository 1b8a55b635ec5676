/** What a claim takes of a quota, altogether and of its class. Pure. */
// Like pkg/quota/v1/evaluator/core/persistent_volume_claims.go.
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { storageClassOf } from '../kinds/core/access-modes.ts';
import { fieldsOf } from '../kinds/fields.ts';
import { compareQuantities } from '../kinds/quantities.ts';
import type { Evaluator } from './evaluator.ts';
import { namesMatch } from './scopes.ts';

const names = ['count/persistentvolumeclaims', 'persistentvolumeclaims', 'requests.storage'];
const ofClass = '.storageclass.storage.k8s.io/';

export const claimEvaluator: Evaluator = {
  handles: (operation, subresource) => (operation === 'CREATE' || operation === 'UPDATE') && subresource === '',

  usage(object) {
    const { metadata, spec = {}, status = {} } = fieldsOf<V1PersistentVolumeClaim>(object);
    const requested = spec.resources?.requests?.['storage'];
    const allocated = status.allocatedResources?.['storage'];
    // What an expansion that failed has taken already counts until it is given back.
    const storage =
      allocated !== undefined && requested !== undefined && compareQuantities(allocated, requested) > 0
        ? allocated
        : requested;
    const storageClass = storageClassOf(metadata.annotations, spec.storageClassName);
    const usage = new Map([
      ['count/persistentvolumeclaims', '1'],
      ['persistentvolumeclaims', '1'],
    ]);
    if (storage !== undefined) usage.set('requests.storage', storage);
    if (!storageClass) return usage;
    usage.set(`${storageClass}${ofClass}persistentvolumeclaims`, '1');
    if (storage !== undefined) usage.set(`${storageClass}${ofClass}requests.storage`, storage);
    return usage;
  },

  matching: (asked) =>
    [...asked].filter(
      (name) =>
        names.includes(name) ||
        name.endsWith(`${ofClass}persistentvolumeclaims`) ||
        name.endsWith(`${ofClass}requests.storage`),
    ),

  isInScope(scope, object) {
    if (scope.scopeName !== 'VolumeAttributesClass') return false;
    const { spec, status } = fieldsOf<V1PersistentVolumeClaim>(object);
    return namesMatch(scope, [
      spec?.volumeAttributesClassName,
      status?.currentVolumeAttributesClassName,
      status?.modifyVolumeStatus?.targetVolumeAttributesClassName,
    ]);
  },
};

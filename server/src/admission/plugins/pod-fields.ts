/** The parts of a pod that admission reads and writes. */
import type { V1Pod } from '@kubernetes/client-node';
import type { AnyObject } from '@naru/api/object';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Attributes } from '../admission.ts';

export type PodFields = ObjectFields<V1Pod>;

export const podOf = (object: AnyObject): PodFields => fieldsOf<V1Pod>(object);

/** The pod that is to be created; undefined for any other write. */
export function podToCreate({ operation, kind, subresource, object }: Attributes): PodFields | undefined {
  if (operation !== 'CREATE' || kind.storagePrefix !== 'pods' || subresource || !object) return undefined;
  return podOf(object);
}

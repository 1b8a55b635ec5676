/** A Namespace as controllers see it. */
import type { KubeObject } from '@naru/api/object';
import type { Condition } from '../runtime/condition.ts';

export interface Namespace extends KubeObject {
  spec?: { finalizers?: string[] };
  status?: { phase?: string; conditions?: Condition[] };
}

export const isActiveNamespace = (namespace: Namespace | undefined): namespace is Namespace =>
  namespace !== undefined && !namespace.metadata.deletionTimestamp && namespace.status?.phase !== 'Terminating';

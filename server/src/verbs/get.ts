/** GET one object. */
import { notFound } from '@naru/api/status';
import type { StoredObject } from '../watch/stored-object.ts';
import type { Api, Target } from './api.ts';
import { keyOf, resourceOf } from './object-key.ts';

/** Throws 404. */
export function get({ kind, namespace, name }: Pick<Target, 'kind' | 'namespace' | 'name'>, api: Api): StoredObject {
  const stored = api.cache.resource(kind.storagePrefix).get(keyOf(kind, namespace, name));
  if (!stored) throw notFound(resourceOf(kind), name);
  return stored;
}

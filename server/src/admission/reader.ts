/** How plugins look things up: in memory, at the newest revision. */
import type { AnyObject } from '@naru/api/object';
import { registryRoot, type WatchCache } from '../watch/watch-cache.ts';

export interface Reader {
  /** Frozen. `storagePrefix` as the kind has it; no namespace for cluster-scoped kinds. */
  find(storagePrefix: string, namespace: string, name: string): AnyObject | undefined;
  /** All of a namespace, or of all. */
  all(storagePrefix: string, namespace?: string): Iterable<AnyObject>;
}

export function cacheReader(cache: WatchCache): Reader {
  return {
    find(storagePrefix, namespace, name) {
      const place = namespace ? `${namespace}/${name}` : name;
      return cache.resource(storagePrefix).get(`${registryRoot}${storagePrefix}/${place}`)?.object;
    },
    *all(storagePrefix, namespace = '') {
      const prefix = `${registryRoot}${storagePrefix}/${namespace && `${namespace}/`}`;
      for (const stored of cache.resource(storagePrefix).range(prefix)) yield stored.object;
    },
  };
}

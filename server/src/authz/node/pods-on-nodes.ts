/** Which pods each node has: kept up with every change of a pod, so that asking costs nothing. */
// Like the graph of plugin/pkg/auth/authorizer/node.
import type { AnyObject } from '@naru/api/object';
import { registryRoot, type WatchCache } from '../../watch/watch-cache.ts';

const prefix = `${registryRoot}pods/`;
const nodeOf = ({ spec }: AnyObject): string => (spec as { nodeName?: string } | undefined)?.nodeName ?? '';

export class PodsOnNodes {
  readonly #cache: WatchCache;
  /** Keys of pods by the name of their node. */
  readonly #keys = new Map<string, Set<string>>();
  readonly stop: () => void;

  /** Follows the stored pods from now on. */
  constructor(cache: WatchCache) {
    this.#cache = cache;
    const { initial, stop } = cache.resource('pods').watch({ prefix, identity: prefix }, 'state', (event) => {
      const { stored, previous } = event;
      const now = event.type === 'DELETED' ? '' : nodeOf(stored.object);
      const before = previous ? nodeOf(previous.object) : '';
      if (now === before) return;
      this.#forget(before, stored.key);
      this.#add(now, stored.key);
    });
    for (const { stored } of initial) this.#add(nodeOf(stored.object), stored.key);
    this.stop = stop;
  }

  /** Frozen. */
  *on(nodeName: string, namespace: string): Iterable<AnyObject> {
    const within = namespace ? `${prefix}${namespace}/` : prefix;
    for (const key of this.#keys.get(nodeName) ?? []) {
      const stored = key.startsWith(within) ? this.#cache.resource('pods').get(key) : undefined;
      if (stored) yield stored.object;
    }
  }

  #add(nodeName: string, key: string): void {
    if (!nodeName) return;
    const keys = this.#keys.get(nodeName);
    if (keys) keys.add(key);
    else this.#keys.set(nodeName, new Set([key]));
  }

  #forget(nodeName: string, key: string): void {
    const keys = this.#keys.get(nodeName);
    if (keys?.delete(key) && keys.size === 0) this.#keys.delete(nodeName);
  }
}

/** Objects by key, with indexes that follow them; the memory of an informer. */
import type { KubeObject } from '../object.ts';

/** `namespace/name`, or `name` when there is no namespace. */
export function keyOf(object: KubeObject): string {
  const { namespace, name = '' } = object.metadata;
  return namespace ? `${namespace}/${name}` : name;
}

export function splitKey(key: string): { namespace?: string; name: string } {
  const slash = key.indexOf('/');
  return slash === -1 ? { name: key } : { namespace: key.slice(0, slash), name: key.slice(slash + 1) };
}

/** The values under which an object is found in one index. */
export type IndexValues<T> = (object: T) => readonly string[];

const byNamespace = (object: KubeObject) => [object.metadata.namespace ?? ''];

export class ObjectCache<T extends KubeObject> {
  readonly #objects = new Map<string, T>();
  readonly #indexes = new Map<string, { values: IndexValues<T>; found: Map<string, Map<string, T>> }>();

  constructor(indexes: Record<string, IndexValues<T>> = {}) {
    for (const [name, values] of Object.entries({ namespace: byNamespace, ...indexes })) this.addIndex(name, values);
  }

  /** Adds an index over what is there and what will come. Adding it again under the same name changes nothing. */
  addIndex(name: string, values: IndexValues<T>): void {
    if (this.#indexes.has(name)) return;
    this.#indexes.set(name, { values, found: new Map() });
    for (const [key, object] of this.#objects) this.#enter(name, key, object);
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: string): T | undefined {
    return this.#objects.get(key);
  }

  keys(): string[] {
    return [...this.#objects.keys()];
  }

  list(): T[] {
    return [...this.#objects.values()];
  }

  /** The objects found under `value`; throws when there is no such index, which is a fault of the caller. */
  byIndex(name: string, value: string): T[] {
    const index = this.#indexes.get(name);
    if (!index) throw new Error(`no index "${name}"`);
    return [...(index.found.get(value)?.values() ?? [])];
  }

  set(key: string, object: T): T | undefined {
    const old = this.delete(key);
    this.#objects.set(key, object);
    for (const name of this.#indexes.keys()) this.#enter(name, key, object);
    return old;
  }

  delete(key: string): T | undefined {
    const old = this.#objects.get(key);
    if (!old) return undefined;
    this.#objects.delete(key);
    for (const { values, found } of this.#indexes.values()) {
      for (const value of values(old)) {
        const entries = found.get(value);
        entries?.delete(key);
        if (entries?.size === 0) found.delete(value);
      }
    }
    return old;
  }

  #enter(name: string, key: string, object: T): void {
    const index = this.#indexes.get(name);
    for (const value of index?.values(object) ?? []) {
      const entries = index?.found.get(value) ?? new Map<string, T>();
      entries.set(key, object);
      index?.found.set(value, entries);
    }
  }
}

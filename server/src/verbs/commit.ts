/** The one way of verbs into the store: compare with what was read, write, read again when somebody was faster. */
import { equalJson } from '@naru/api/json-object';
import { decodeObject } from '@naru/api/decode/decode-object';
import type { AnyObject } from '@naru/api/object';
import { conflict, notFound, requestEntityTooLarge } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import { encodeInOrder, encodeValue, type StoredObject } from '../watch/stored-object.ts';
import type { Api } from './api.ts';
import { apiVersionOf, keyOf, resourceOf } from './object-key.ts';
import { isEssential, writeToStore } from './write-to-store.ts';

/** Largest stored object, as etcd's request limit is upstream: 1.5 MiB. */
const largestValue = 1_572_864;
const attempts = 100;

/** Hooks and admission may leave behind what Go's JSON would not: empty maps, other orders. Equal objects are to have equal bytes. */
function canonicalForm(object: AnyObject, kind: Kind): AnyObject {
  const apiVersion = apiVersionOf(kind);
  const isNamed = object.kind === kind.kind && object.apiVersion === apiVersion;
  const whole = isNamed ? object : { ...object, kind: kind.kind, apiVersion };
  return decodeObject(whole, kind.schema).object as AnyObject;
}

/** Throws 413. */
export function encodeForStore(object: AnyObject, kind: Kind, { cache }: Pick<Api, 'cache'>): Buffer {
  const canonical = kind.isCustom ? object : canonicalForm(object, kind);
  const stored = kind.conversion ? kind.conversion.toStored(canonical) : canonical;
  const value = stored === canonical && !kind.isCustom ? encodeInOrder(stored) : encodeValue(stored);
  if (value.length > largestValue) throw requestEntityTooLarge('etcdserver: request is too large');
  cache.written.remember(value, stored);
  return value;
}

/** What a change leads to. */
export interface Next {
  readonly object: AnyObject;
  readonly remove?: boolean;
  /** Called once the write is done, or is not. */
  settle?(): void;
}

export interface Change {
  kind: Kind;
  namespace: string;
  name: string;
  /** Absent: the object itself. */
  subresource?: string;
  dryRun: boolean;
  /** Makes the new object from the one that stands there; 'delete' takes it away. Runs again after a conflict. */
  change(current: StoredObject): Promise<Next>;
}

export interface Changed {
  object: StoredObject | AnyObject;
  /** Whether the object is gone now. */
  removed: boolean;
}

/** Throws 404 when nothing stands there, 409 when others keep being faster. */
export async function changeStored(change: Change, api: Api): Promise<Changed> {
  const { kind, namespace, name, subresource = '', dryRun } = change;
  const key = keyOf(kind, namespace, name);
  const cache = api.cache.resource(kind.storagePrefix);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const current = cache.get(key);
    if (!current) throw notFound(resourceOf(kind), name);
    const { object, remove = false, settle } = await change.change(current);
    try {
      if (dryRun) return { object: asOf(current, object), removed: remove };
      const written = await attemptWrite(api, current, { kind, subresource, object, remove });
      if (written) return { object: written, removed: remove };
    } finally {
      settle?.();
    }
  }
  throw conflict(resourceOf(kind), name);
}

const asOf = ({ resourceVersion }: StoredObject, object: AnyObject): AnyObject => ({
  ...object,
  metadata: { ...object.metadata, resourceVersion },
});

interface Write {
  readonly kind: Kind;
  readonly subresource: string;
  readonly object: AnyObject;
  readonly remove: boolean;
}

async function attemptWrite(
  api: Api,
  current: StoredObject,
  { kind, subresource, object, remove }: Write,
): Promise<StoredObject | undefined> {
  const value = encodeForStore(object, kind, api);
  if (!remove && isUnchanged(value, current)) return current;
  const result = await writeToStore(api.store, {
    expect: [{ key: current.key, revision: current.revision }],
    writes: [{ key: current.key, value: remove ? null : value }],
    essential: isEssential(kind, subresource, object),
  });
  return result.done
    ? api.cache.asWritten(kind.storagePrefix, { key: current.key, value, revision: result.revision })
    : undefined;
}

/** A write that changes nothing is none: no new revision, no event. Maps may be in another order. */
function isUnchanged(value: Buffer, current: StoredObject): boolean {
  if (value.equals(current.value)) return true;
  if (value.length !== current.value.length) return false;
  return equalJson(JSON.parse(value.toString()), JSON.parse(current.value.toString()));
}

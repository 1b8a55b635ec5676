/** One object at one revision: the store's bytes, and what is made of them once and then shared by all readers. */
import { deepFreeze } from '@naru/api/clone-json';
import type { AnyObject } from '@naru/api/object';

const metadataMark = Buffer.from('"metadata":{');
const uidMark = Buffer.from('"uid":"');
const quote = 0x22;
const openBrace = 0x7b;

/**
 * The bytes to store: type, then metadata with name and uid first and without resourceVersion, then the rest.
 * The order is what lets StoredObject put the resourceVersion in without parsing.
 */
export function encodeValue(object: AnyObject): Buffer {
  const { kind, apiVersion, metadata, ...rest } = object;
  const { name, generateName, namespace, uid, resourceVersion: _, ...others } = metadata;
  return Buffer.from(
    JSON.stringify({ kind, apiVersion, metadata: { name, generateName, namespace, uid, ...others }, ...rest }),
  );
}

/** As `encodeValue`, for an object whose fields stand in Go's order, which has the few in front that need to be. Its resourceVersion is taken away. */
export function encodeInOrder(object: AnyObject): Buffer {
  if (object.metadata.resourceVersion !== undefined) delete object.metadata.resourceVersion;
  return Buffer.from(JSON.stringify(object));
}

export class StoredObject {
  readonly key: string;
  /** JSON without resourceVersion, as the store holds it. */
  readonly value: Buffer;
  readonly revision: number;
  /** Where `"metadata":` begins in `value`; before it stands only the type. */
  readonly #metadataAt: number;
  /** Where the resourceVersion goes. */
  readonly #insertAt: number;
  #parsed: AnyObject | undefined;
  #object: AnyObject | undefined;

  /** `parsed`: the value as its writer had it before it was encoded; it is taken over. */
  constructor(key: string, value: Buffer, revision: number, parsed?: AnyObject) {
    this.key = key;
    this.revision = revision;
    let metadataAt = value.indexOf(metadataMark);
    let uidAt = value.indexOf(uidMark, metadataAt);
    if (metadataAt < 0 || metadataAt > 512 || uidAt < 0) {
      value = encodeValue(JSON.parse(value.toString()));
      metadataAt = value.indexOf(metadataMark);
      uidAt = value.indexOf(uidMark, metadataAt);
    }
    this.value = value;
    this.#parsed = parsed;
    this.#metadataAt = metadataAt;
    this.#insertAt = uidAt < 0 ? -1 : value.indexOf(quote, uidAt + uidMark.length) + 1;
  }

  /** The object as it was, under another revision: what a DELETED event shows. */
  at(revision: number): StoredObject {
    return new StoredObject(this.key, this.value, revision);
  }

  get resourceVersion(): string {
    return String(this.revision);
  }

  /** The parsed object with its resourceVersion; frozen, because everybody shares it. */
  get object(): AnyObject {
    return (this.#object ??= deepFreeze(this.#parse()));
  }

  /** Lets go of the parsed object; who asks again has it parsed again. */
  forget(): void {
    this.#parsed = undefined;
    this.#object = undefined;
  }

  /** A parsed object of one's own. */
  copy(): AnyObject {
    return withResourceVersion(JSON.parse(this.value.toString()), this.resourceVersion);
  }

  /** The object on the wire: two copies of bytes, which is less than keeping them would cost. */
  toJson(): Buffer {
    const json = Buffer.allocUnsafe(this.size);
    this.writeTo(json, 0);
    return json;
  }

  /** Bytes that `writeTo` writes. */
  get size(): number {
    return this.value.length + (this.#insertAt < 0 ? 0 : this.resourceVersion.length + 21);
  }

  /** Bytes that `writeItemTo` writes. */
  get itemSize(): number {
    return this.size - this.#metadataAt + 1;
  }

  /** Writes the object with its resourceVersion into `target` and returns where it ended. */
  writeTo(target: Buffer, at: number): number {
    return this.#writeFrom(0, target, at);
  }

  /** As `writeTo`, without kind and apiVersion: how items stand in the list of a built-in kind. */
  writeItemTo(target: Buffer, at: number): number {
    target[at] = openBrace;
    return this.#writeFrom(this.#metadataAt, target, at + 1);
  }

  #writeFrom(start: number, target: Buffer, at: number): number {
    if (this.#insertAt < 0) return at + this.value.copy(target, at, start);
    at += this.value.copy(target, at, start, this.#insertAt);
    at += target.write(`,"resourceVersion":"${this.revision}"`, at, 'latin1');
    return at + this.value.copy(target, at, this.#insertAt);
  }

  #parse(): AnyObject {
    const parsed = this.#parsed;
    this.#parsed = undefined;
    return parsed ? withResourceVersion({ ...parsed }, this.resourceVersion) : this.copy();
  }
}

function withResourceVersion(object: AnyObject, resourceVersion: string): AnyObject {
  object.metadata = { ...object.metadata, resourceVersion };
  return object;
}

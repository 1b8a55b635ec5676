/** JSON Patch (RFC 6902) with the exceptions upstream makes. */
// Like gopkg.in/evanphx/json-patch.v4. fast-json-patch is not used: it refuses `replace` and `copy` of a missing key where
// upstream succeeds, throws TypeError for `__proto__`, has no limit on copied bytes (599 bytes of patch grow to 66 MB),
// and knows no negative indices.
import { cloneJson } from '../clone-json.ts';
import { equalJson, getKey, isJsonObject, setKey, type JsonObject } from '../json-object.ts';
import { badRequest, requestEntityTooLarge, StatusError } from '../status.ts';
import { jsonKind } from '../go-print.ts';

const MAX_OPERATIONS = 10_000;
const MAX_COPIED_BYTES = 3 * 1024 * 1024;
/** Far below where recursion over the result, here or when it is serialized, would overflow the stack. */
const MAX_DEPTH = 1_000;

const fields: ReadonlySet<string> = new Set(['op', 'path', 'from', 'value']);

export interface JsonPatch {
  readonly operations: readonly JsonObject[];
  /** What strict decoding says of it, for `fieldValidation`; duplicate keys are the decoder's to find. */
  readonly strictErrors: readonly string[];
}

/** A patch that cannot be applied, whatever the reason: upstream tells the reason only to its log. */
const rejected = () =>
  new StatusError({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });

function checkOperation(operation: unknown, index: number, strictErrors: string[]): void {
  if (operation === null) return;
  if (!isJsonObject(operation))
    throw badRequest(
      `error decoding patch: json: cannot unmarshal ${jsonKind(operation)} into Go value of type handlers.jsonPatchOp`,
    );
  for (const [key, value] of Object.entries(operation)) {
    if (!fields.has(key)) strictErrors.push(`json patch unknown field "[${index}].${key}"`);
    else if (key !== 'value' && value !== null && typeof value !== 'string')
      throw badRequest(
        `error decoding patch: json: cannot unmarshal ${jsonKind(value)} into Go struct field jsonPatchOp.${key} of type string`,
      );
  }
}

/**
 * Checks the decoded body of a JSON patch; throws StatusError 400 when it is not one, 413 beyond 10,000 operations.
 * With `fieldValidation` 'Ignore' upstream looks less closely, and words what it finds differently.
 */
export function decodeJsonPatch(body: unknown, fieldValidation: 'Strict' | 'Warn' | 'Ignore'): JsonPatch {
  const strict = fieldValidation !== 'Ignore';
  if (body !== null && !Array.isArray(body))
    throw badRequest(
      strict
        ? `error decoding patch: json: cannot unmarshal ${jsonKind(body)} into Go value of type []handlers.jsonPatchOp`
        : `json: cannot unmarshal ${jsonKind(body)} into Go value of type jsonpatch.Patch`,
    );
  const list: unknown[] = body ?? [];
  const strictErrors: string[] = [];
  if (strict) list.forEach((operation, index) => checkOperation(operation, index, strictErrors));
  const wrong = list.find((operation) => operation !== null && !isJsonObject(operation));
  if (wrong !== undefined)
    throw badRequest(`json: cannot unmarshal ${jsonKind(wrong)} into Go value of type jsonpatch.Operation`);
  if (list.length > MAX_OPERATIONS)
    throw requestEntityTooLarge(
      `The allowed maximum operations in a JSON patch is ${MAX_OPERATIONS}, got ${list.length}`,
    );
  return { operations: list.map((operation) => (operation ?? {}) as JsonObject), strictErrors };
}

/** Digits with an optional sign, as strconv.Atoi takes them; negative numbers count from `length`. */
function arrayIndex(key: string, length: number): number {
  if (!/^[+-]?[0-9]{1,15}$/.test(key)) throw rejected();
  const index = Number(key);
  if (index < -length) throw rejected();
  return index < 0 ? index + length : index;
}

const decodePointerPart = (part: string) => part.replaceAll('~1', '/').replaceAll('~0', '~');

type Container = JsonObject | unknown[];

class Patcher {
  #document: unknown;
  #copiedBytes = 0;
  /** Containers made by this patch, which may be changed in place; all others are copied before the first change. */
  readonly #owned = new Set<unknown>();

  constructor(document: unknown) {
    this.#document = document;
  }

  get document(): unknown {
    return this.#document;
  }

  #own(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || this.#owned.has(value)) return value;
    const copy = Array.isArray(value) ? [...(value as unknown[])] : { ...value };
    this.#owned.add(copy);
    return copy;
  }

  /** The container of the pointer's last part, ready to be changed. */
  #locate(pointer: unknown): { container: Container; key: string } {
    if (typeof pointer !== 'string') throw rejected();
    const parts = pointer.split('/').slice(1).map(decodePointerPart);
    const key = parts.pop();
    if (key === undefined) throw rejected();
    this.#document = this.#own(this.#document);
    let container = this.#document;
    for (const part of parts) {
      const next = this.#own(this.#get(container, part));
      this.#set(container, part, next);
      container = next;
    }
    if (typeof container !== 'object' || container === null) throw rejected();
    return { container: container as Container, key };
  }

  /** Undefined for a key that a map does not have; an index that an array does not have is an error. */
  #get(container: unknown, key: string): unknown {
    if (isJsonObject(container)) return getKey(container, key);
    if (!Array.isArray(container)) throw rejected();
    const index = arrayIndex(key, container.length);
    if (index >= container.length) throw rejected();
    return container[index];
  }

  #set(container: unknown, key: string, value: unknown): void {
    if (Array.isArray(container)) container[arrayIndex(key, container.length)] = value;
    else if (isJsonObject(container)) {
      // A part of the path that leads nowhere is refused by the next step; it must not appear as a key meanwhile.
      if (value === undefined) throw rejected();
      setKey(container, key, value);
    } else throw rejected();
  }

  #insert(container: Container, key: string, value: unknown): void {
    if (!Array.isArray(container)) setKey(container, key, value);
    else if (key === '-') container.push(value);
    else {
      const index = arrayIndex(key, container.length + 1);
      if (index > container.length) throw rejected();
      container.splice(index, 0, value);
    }
  }

  #delete(container: Container, key: string): void {
    this.#get(container, key);
    if (Array.isArray(container)) container.splice(arrayIndex(key, container.length), 1);
    else if (!Object.hasOwn(container, key)) throw rejected();
    else delete container[key];
  }

  /** An absent value is null, as upstream has it. */
  add(pointer: unknown, value: unknown): void {
    const { container, key } = this.#locate(pointer);
    this.#insert(container, key, value ?? null);
  }

  remove(pointer: unknown): void {
    const { container, key } = this.#locate(pointer);
    this.#delete(container, key);
  }

  replace(pointer: unknown, value: unknown): void {
    if (pointer === '') {
      if (typeof value !== 'object' || value === null) throw rejected();
      this.#document = value;
      return;
    }
    const { container, key } = this.#locate(pointer);
    this.#get(container, key);
    this.#set(container, key, value ?? null);
  }

  move(from: unknown, pointer: unknown): void {
    const source = this.#locate(from);
    const value = this.#get(source.container, source.key);
    this.#delete(source.container, source.key);
    this.add(pointer, value);
  }

  copy(from: unknown, pointer: unknown): void {
    const source = this.#locate(from);
    const value = this.#get(source.container, source.key);
    assertShallow(value);
    this.#copiedBytes += value === undefined ? 0 : Buffer.byteLength(JSON.stringify(value));
    if (this.#copiedBytes > MAX_COPIED_BYTES)
      throw requestEntityTooLarge(
        `Unable to complete the copy, the accumulated size increase of copy is ${this.#copiedBytes}, exceeding the limit ${MAX_COPIED_BYTES}`,
      );
    this.add(pointer, cloneJson(value));
  }

  test(pointer: unknown, expected: unknown): void {
    if (pointer === '') {
      if (!equalJson(this.#document, expected)) throw rejected();
      return;
    }
    const { container, key } = this.#locate(pointer);
    if (!equalJson(this.#get(container, key) ?? null, expected ?? null)) throw rejected();
  }
}

/** Refuses what is nested so deep that nobody could serialize it. */
function assertShallow(value: unknown, depth = 0): void {
  if (typeof value !== 'object' || value === null) return;
  if (depth > MAX_DEPTH) throw rejected();
  for (const child of Array.isArray(value) ? value : Object.values(value)) assertShallow(child, depth + 1);
}

/**
 * The patched document; `document` and `patch` are left as they are, and parts of them may be shared with the result.
 * Throws StatusError: 422 with a generic message when an operation fails, 413 beyond 3 MiB of copied values.
 */
export function applyJsonPatch(document: unknown, { operations }: JsonPatch): unknown {
  const patcher = new Patcher(document);
  for (const operation of operations) {
    const [op, path, from, value] = ['op', 'path', 'from', 'value'].map((key) => getKey(operation, key));
    if (op === 'add') patcher.add(path, value);
    else if (op === 'remove') patcher.remove(path);
    else if (op === 'replace') patcher.replace(path, value);
    else if (op === 'move') patcher.move(from, path);
    else if (op === 'copy') patcher.copy(from, path);
    else if (op === 'test') patcher.test(path, value);
    else throw rejected();
  }
  if (operations.length) assertShallow(patcher.document);
  return patcher.document;
}

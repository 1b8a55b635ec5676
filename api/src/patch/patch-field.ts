/** What strategic merge needs to know of a field: its type, how it is patched, and by which key its items are told apart. */
// Like apimachinery third_party/forked/golang/json/fields.go and strategicpatch/meta.go.
import type { Shape } from '../schema/schema.ts';
import { goQuote } from '../go-values.ts';
import { plainError } from './plain-error.ts';

export interface PatchField {
  /** Of the field; of its items when it was looked up as a list. */
  readonly shape: Shape;
  /** Absent: maps merge, lists are replaced. */
  readonly strategy: 'merge' | 'replace' | undefined;
  readonly mergeKey: string;
}

const goKinds: Partial<Record<Shape['kind'], string>> = {
  list: 'slice',
  double: 'float64',
  bytes: 'slice',
};

const lastPart = (key: string) => key.slice(key.lastIndexOf('.') + 1);

const notFound = (struct: string, name: string) =>
  plainError(`unable to find api field in struct ${struct} for the json field ${goQuote(name)}`);

/** The field `name` of a struct; throws a plain error where upstream cannot look it up. */
export function lookupPatchField(parent: Shape, name: string): PatchField {
  if (parent.kind === 'special') throw notFound(lastPart(parent.key), name);
  if (parent.kind !== 'object')
    throw plainError(
      `merging an object in json but data type is not struct, instead is: ${goKinds[parent.kind] ?? parent.kind}`,
    );
  const field = parent.type.fields.get(name);
  if (!field) throw notFound(parent.type.name, name);
  const strategies = (field.patchStrategy ?? '').split(',');
  const strategy = strategies.includes('merge') ? 'merge' : strategies.includes('replace') ? 'replace' : undefined;
  return { shape: field.shape, strategy, mergeKey: field.mergeKey ?? '' };
}

/** The same for a field that holds a list; `shape` is that of an item. */
export function lookupPatchList(parent: Shape, name: string): PatchField {
  const field = lookupPatchField(parent, name);
  if (field.shape.kind === 'list') return { ...field, shape: field.shape.of };
  const kind = goKinds[field.shape.kind] ?? (field.shape.kind === 'object' ? 'struct' : field.shape.kind);
  throw plainError(`expected slice or array type, but got: ${kind}`);
}

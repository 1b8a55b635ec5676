/** What ownership tracking and server-side apply must know of a type. Built-in kinds and custom resources each provide it. */
// Like structured-merge-diff schema: an atom may allow several shapes, and the value decides which one it has.

export type ScalarType = 'string' | 'numeric' | 'boolean' | 'untyped';

export interface ListType {
  /** Atomic lists are owned and replaced as a whole; associative ones item by item. */
  readonly atomic: boolean;
  /** Fields that tell the items of an associative list apart; none: the items themselves do (a set). */
  readonly keys: readonly string[];
  readonly items: ValueType;
}

export interface FieldType {
  readonly type: ValueType;
  /** Stands in for a list key that an item does not give. */
  readonly default?: unknown;
}

export interface MapType {
  readonly atomic: boolean;
  /** A declared field; undefined for names that are not declared. */
  field(name: string): FieldType | undefined;
  /** What values under undeclared names are; absent: such names are refused. */
  readonly elements?: ValueType;
}

/** At least one of the three. */
export interface ValueType {
  readonly scalar?: ScalarType;
  readonly list?: ListType;
  readonly map?: MapType;
}

const noField = () => undefined;

/** JSON of which nothing is known: below an atomic list or map nobody looks. */
export const untyped: ValueType = { scalar: 'untyped' };
Object.assign(untyped, {
  list: { atomic: true, keys: [], items: untyped },
  map: { atomic: true, field: noField, elements: untyped },
});

/** JSON without a schema: lists are atomic, maps are owned key by key. Like DeducedParseableType. */
export const deduced: ValueType = { scalar: 'untyped', list: { atomic: true, keys: [], items: untyped } };
Object.assign(deduced, { map: { atomic: false, field: noField, elements: deduced } });

/** The type of what stands under `name`; undefined when the map does not allow the name. */
export const typeUnder = (map: MapType, name: string): ValueType | undefined => map.field(name)?.type ?? map.elements;

export type Shape = 'scalar' | 'list' | 'map';

/** The shape under which `value` is handled; one the type does not allow is handled, and refused, as the type's own. */
export function shapeOf(type: ValueType, value: unknown): Shape {
  if (value !== null && value !== undefined) {
    const shape = typeof value !== 'object' ? 'scalar' : Array.isArray(value) ? 'list' : 'map';
    if (type[shape]) return shape;
  }
  return type.map ? 'map' : type.scalar ? 'scalar' : 'list';
}

/** How one type stands in the generated table: `key TAB json`, short because every server keeps the text in memory. */

export interface FieldExtras {
  mk?: string;
  ps?: string;
  lt?: string;
  lk?: readonly string[];
  mt?: string;
  st?: string;
  de?: unknown;
  en?: readonly string[];
}

/**
 * Name (empty: inlined), protobuf number, shape, flags, printed Go type, the rest.
 * Shapes: `s i l d b y` scalars, `w` wrapped list of strings, `T` TypeMeta, `@key` struct, `!key` special; `[]` and `{}` before it for list and map.
 * Flags: `p` pointer, `o` omitempty, `z` omitzero, `r` required, `e` kept when empty.
 */
export type FieldLine = [
  name: string,
  number: number,
  shape: string,
  flags: string,
  goType: string,
  extras?: FieldExtras,
];

/** structType, fields. */
export type TypeLine = [structType: string, fields: FieldLine[]];

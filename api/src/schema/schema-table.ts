/** Finds types in the schema table; each is parsed when it is first asked for and kept. */
import { olderKinds, table } from '../../schema/generated/table.ts';
import { metaPackage, servedPackages } from './served-packages.ts';
import {
  specialTypes,
  type FieldSchema,
  type ObjectShape,
  type ScalarKind,
  type Shape,
  type SpecialShape,
  type TypeSchema,
} from './schema.ts';
import type { FieldLine, TypeLine } from './table-line.ts';

const scalars: Record<string, ScalarKind> = {
  s: 'string',
  i: 'int32',
  l: 'int64',
  d: 'double',
  b: 'bool',
  y: 'bytes',
};

const typeMetaFields: FieldSchema[] = ['kind', 'apiVersion'].map((name) => ({
  name,
  number: 0,
  shape: { kind: 'string' },
  goType: 'string',
  pointer: false,
  omitEmpty: true,
  omitZero: false,
  required: false,
}));

/** Structs that are no pointers ignore omitempty, as they do in Go. */
function isAlwaysWritten({ shape, pointer, omitEmpty, omitZero }: FieldSchema): boolean {
  const isStruct = shape.kind === 'object' || shape.kind === 'special';
  return isStruct && !pointer ? !omitZero : !omitEmpty;
}

/** The table's types. Nothing is parsed before it is asked for. */
class SchemaTable {
  readonly #lines = new Map<string, string>();
  readonly #types = new Map<string, TypeSchema>();

  constructor(text: string) {
    for (const line of text.split('\n')) {
      const tab = line.indexOf('\t');
      this.#lines.set(line.slice(0, tab), line.slice(tab + 1));
    }
  }

  keys(): IterableIterator<string> {
    return this.#lines.keys();
  }

  has(key: string): boolean {
    return this.#lines.has(key);
  }

  get(key: string): TypeSchema | undefined {
    const known = this.#types.get(key);
    if (known) return known;
    const line = this.#lines.get(key);
    if (line === undefined) return undefined;
    const type = this.#parse(key, JSON.parse(line) as TypeLine);
    this.#types.set(key, type);
    return type;
  }

  #parse(key: string, [structType, lines]: TypeLine): TypeSchema {
    const fieldList: FieldSchema[] = [];
    const own: FieldSchema[] = [];
    const inlined = new Map<number, TypeSchema>();
    for (const line of lines) {
      const [name, number, shape] = line;
      if (shape === 'T') {
        fieldList.push(...typeMetaFields);
      } else if (name === '') {
        const type = this.get(shape.slice(1))!;
        fieldList.push(...type.fieldList);
        inlined.set(number, type);
      } else {
        const field = this.#field(line);
        fieldList.push(field);
        if (number > 0) own.push(field);
      }
    }
    return {
      key,
      name: key.slice(key.lastIndexOf('.') + 1),
      fieldList,
      places: new Map(fieldList.map(({ name }, place) => [name, place])),
      alwaysWritten: fieldList.flatMap((field, place) => (isAlwaysWritten(field) ? [place] : [])),
      fields: new Map(fieldList.map((field) => [field.name, field])),
      own: new Map(own.sort((a, b) => a.number - b.number).map((field) => [field.number, field])),
      inlined,
      fallingNumbers: [...own.map((field) => field.number), ...inlined.keys()].sort((a, b) => b - a),
      ...(structType && { structType: structType as 'atomic' }),
      hasTypeMeta: fieldList[0] === typeMetaFields[0],
    };
  }

  #field([name, number, shape, flags, goType, extras = {}]: FieldLine): FieldSchema {
    const { mk, ps, lt, lk, mt, st, en } = extras;
    return {
      name,
      number,
      shape: this.#shape(shape),
      goType,
      pointer: flags.includes('p'),
      omitEmpty: flags.includes('o'),
      omitZero: flags.includes('z'),
      required: flags.includes('r'),
      ...(flags.includes('e') && { keepsEmpty: true }),
      ...(mk && { mergeKey: mk }),
      ...(ps && { patchStrategy: ps }),
      ...(lt && { listType: lt as 'atomic' }),
      ...(lk && { listMapKeys: lk }),
      ...(mt && { mapType: mt as 'atomic' }),
      ...(st && { structType: st as 'atomic' }),
      ...('de' in extras && { default: extras.de }),
      ...(en && { enum: en }),
    };
  }

  #shape(text: string): Shape {
    if (text.startsWith('[]')) return { kind: 'list', of: this.#shape(text.slice(2)), wrapped: false };
    if (text.startsWith('{}')) return { kind: 'map', of: this.#shape(text.slice(2)) };
    if (text === 'w') return { kind: 'list', of: { kind: 'string' }, wrapped: true };
    const key = text.slice(1);
    if (text.startsWith('!')) return this.#special(key);
    return text.startsWith('@') ? this.#object(key) : { kind: scalars[text]! };
  }

  #special(key: string): SpecialShape {
    const special = specialTypes[key as keyof typeof specialTypes];
    const schema = special.startsWith('JSONSchemaProps') && this.#object(key.replace(/Or\w+$/, ''));
    return { kind: 'special', special, key, ...(schema && { schema }) };
  }

  #object(key: string): ObjectShape {
    const find = () => this.get(key)!;
    return {
      kind: 'object',
      key,
      get type() {
        const type = find();
        Object.defineProperty(this, 'type', { value: type });
        return type;
      },
    };
  }
}

const schema = new SchemaTable(table);

/** The type with this key, such as `k8s.io.api.core.v1.Pod`. */
export const typeNamed = (key: string): TypeSchema | undefined => schema.get(key);

/** Keys of all types of the table. */
export const typeKeys = (): string[] => [...schema.keys()];

/** Key of the type of a built-in kind; kinds of meta/v1 (Status, DeleteOptions, …) are found under any group version, as clients send them. */
export function typeKeyOfKind(group: string, version: string, kind: string): string | undefined {
  const served = servedPackages.find((entry) => entry.group === group && entry.version === version);
  const own = served && `${served.package}.${kind}`;
  if (own && schema.has(own) && schema.get(own)!.hasTypeMeta) return own;
  const meta = `${metaPackage}.${kind}`;
  return schema.has(meta) && schema.get(meta)!.hasTypeMeta ? meta : undefined;
}

/** The type of a built-in kind; see typeKeyOfKind. */
export function typeOfKind(group: string, version: string, kind: string): TypeSchema | undefined {
  const key = typeKeyOfKind(group, version, kind);
  return key === undefined ? undefined : schema.get(key);
}

const older = new Set(olderKinds.split('\n'));

/** Whether upstream knows the kind in a version of the group that is not served, such as apps/v1beta1 Deployment. */
export const isOlderKind = (group: string, version: string, kind: string): boolean =>
  older.has(`${group}/${version} ${kind}`);

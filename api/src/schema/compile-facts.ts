/** Turns the API facts into the lines of the schema table: one served type per line, flattened and resolved. */
import type { FieldFact, Facts, TypeFact } from './facts.ts';
import { namedTypeOf, printedGoType } from './go-types.ts';
import { metaPackage, servedPackages } from './served-packages.ts';
import { specialTypes } from './schema.ts';
import type { FieldLine, TypeLine } from './table-line.ts';

const scalarLetters: Record<string, string> = {
  string: 's',
  int32: 'i',
  int64: 'l',
  double: 'd',
  bool: 'b',
  bytes: 'y',
};

/** Defaults the sources give by the name of a constant. */
const constants: Record<string, string> = {
  AzureDataDiskCachingReadWrite: 'ReadWrite',
  AzureSharedBlobDisk: 'Shared',
};

/** Lists that are told apart from none when they are given empty: a default stands in for the latter only. */
const emptyKept = new Set(['k8s.io.api.autoscaling.v2.HPAScalingRules.policies']);

/** Types that stand in annotations only. */
const inAnnotations = ['MetricSpec', 'MetricStatus', 'HorizontalPodAutoscalerCondition'].map(
  (name) => `k8s.io.api.autoscaling.v1.${name}`,
);

const packageOf = (key: string) => key.slice(0, key.lastIndexOf('.'));
const isSpecial = (key: string) => Object.hasOwn(specialTypes, key);

class Compiler {
  readonly lines = new Map<string, TypeLine>();
  readonly #facts: Facts;
  readonly #enums: Record<string, string[]>;

  constructor(facts: Facts, enums: Record<string, string[]>) {
    this.#facts = facts;
    this.#enums = enums;
  }

  /** Adds the type and all that it refers to. */
  add(key: string): void {
    if (this.lines.has(key)) return;
    const fact = this.#facts.types[key];
    // A struct without fields leaves no fact behind (CustomResourceSubresourceStatus).
    if (fact?.alias || /\.types\./.test(key)) throw new Error(`${key} is no struct`);
    const line: TypeLine = [(fact && structType(fact)) ?? '', []];
    this.lines.set(key, line);
    for (const [name, field] of Object.entries(fact?.fields ?? {})) line[1].push(this.#field(key, fact!, name, field));
    if (key.endsWith('.List') && !line[1].some(([name]) => name === 'items')) line[1] = listFields;
  }

  #field(key: string, fact: TypeFact, name: string, field: FieldFact): FieldLine {
    const packageName = packageOf(key);
    if (field.inline) {
      const inlined = namedTypeOf(field.go, packageName)!;
      if (inlined.endsWith('.TypeMeta')) return ['', 0, 'T', '', ''];
      this.add(inlined);
      return ['', field.n ?? 0, `@${inlined}`, '', ''];
    }
    const shape = this.#shape(field, protoTypeOf(fact, field), packageName);
    const flags = [
      field.go.startsWith('*') && 'p',
      field.omitempty && 'o',
      field.omitzero && 'z',
      isRequired(field) && 'r',
      emptyKept.has(`${key}.${name}`) && 'e',
    ]
      .filter(Boolean)
      .join('');
    const line: FieldLine = [name, field.n ?? 0, shape, flags, printedGoType(field.go, packageName)];
    const extras = this.#extras(field, packageName);
    if (Object.keys(extras).length) line.push(extras);
    return line;
  }

  #shape(field: FieldFact, proto: string | undefined, packageName: string): string {
    const map = /^map<string,(.*)>$/.exec(proto ?? '');
    if (map) return `{}${this.#single(map[1]!)}`;
    const list = field.go.startsWith('[]') && field.go !== '[]byte';
    const type = proto ?? protoOf(field.go, packageName);
    const repeated = list || field.go === 'ValidationRules';
    return (repeated ? '[]' : '') + this.#single(type);
  }

  #single(proto: string): string {
    const letter = scalarLetters[proto];
    if (letter) return letter;
    const key = proto.replace(/^\./, '');
    const fact = this.#facts.types[key];
    if (fact?.alias === '[]string') return `w`;
    if (isSpecial(key)) {
      if (key.includes('JSONSchemaProps')) this.add(key.replace(/Or(Bool|Array|StringArray)$/, ''));
      return `!${key}`;
    }
    this.add(key);
    return `@${key}`;
  }

  #extras(field: FieldFact, packageName: string): NonNullable<FieldLine[5]> {
    const named = namedTypeOf(field.go, packageName);
    const values = named && this.#enums[named];
    return {
      ...(field.patchMergeKey && { mk: field.patchMergeKey }),
      ...(field.patchStrategy && { ps: field.patchStrategy }),
      ...(field.listType && { lt: field.listType }),
      ...(field.listMapKeys && { lk: field.listMapKeys }),
      ...(field.mapType && { mt: field.mapType }),
      ...(field.structType && { st: field.structType }),
      ...(field.default !== undefined && { de: defaultOf(field.default) }),
      ...(values && { en: values }),
    };
  }
}

/** By number: the protobuf name of a field is not always its JSON name. */
const protoTypeOf = (fact: TypeFact, field: FieldFact) =>
  Object.values(fact.proto ?? {}).find(([number]) => number === field.n)?.[1];

const isRequired = (field: FieldFact) => Boolean(field.required) || (!field.optional && !field.omitempty);

const structType = (fact: TypeFact) => fact.marks?.find((mark) => mark.startsWith('structType='))?.slice(11);

function defaultOf(text: string): unknown {
  const constant = /^ref\((\w+)\)$/.exec(text);
  if (!constant) return JSON.parse(text) as unknown;
  const value = constants[constant[1]!];
  if (value === undefined) throw new Error(`unknown constant ${text}`);
  return value;
}

/** For the few types without protobuf (Table): what it would be. */
function protoOf(go: string, packageName: string): string {
  const bare = go.replace(/^(\*|\[\])+/, '');
  if (scalarLetters[bare]) return bare;
  const named = namedTypeOf(go, packageName)!;
  return /(ConditionType|ConditionStatus)$/.test(named) ? 'string' : named;
}

/** v1 List is declared as another name of meta/v1's; its items are whatever they are. */
const listFields: FieldLine[] = [
  ['', 0, 'T', '', ''],
  ['metadata', 1, `@${metaPackage}.ListMeta`, 'o', 'v1.ListMeta'],
  ['items', 2, '[]!k8s.io.apimachinery.pkg.runtime.RawExtension', 'r', '[]runtime.RawExtension'],
];

const isRoot = (fact: TypeFact) =>
  Object.values(fact.fields ?? {}).some((field) => field.inline && field.go.endsWith('TypeMeta'));

/** Kinds of group versions that are not served: `apps/v1beta1 Deployment`. A body may name one, and is refused as upstream does. */
function olderKinds(facts: Facts): string[] {
  return Object.entries(facts.types).flatMap(([key, fact]) => {
    const match = /^k8s\.io\.api\.(\w+)\.(v\d+(?:alpha|beta)\d+)\.(\w+)$/.exec(key);
    if (!match || !isRoot(fact)) return [];
    const group = servedPackages.find((entry) => entry.package.startsWith(`k8s.io.api.${match[1]}.`))?.group;
    return group === undefined ? [] : [`${group}/${match[2]} ${match[3]}`];
  });
}

/** The module's text. Types without a way to them from a served kind are left out. */
export function tableSource(facts: Facts, enums: Record<string, string[]>): string {
  const compiler = new Compiler(facts, enums);
  const served = new Set(servedPackages.map((entry) => entry.package));
  for (const [key, fact] of Object.entries(facts.types)) {
    if (served.has(packageOf(key)) && (isRoot(fact) || key.endsWith('.v1.List'))) compiler.add(key);
  }
  for (const name of ['ListMeta', 'ObjectMeta', 'TypeMeta', 'WatchEvent']) compiler.add(`${metaPackage}.${name}`);
  compiler.add('k8s.io.apimachinery.pkg.version.Info');
  for (const key of inAnnotations) compiler.add(key);
  const lines = [...compiler.lines].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = lines.map(([key, line]) => `${key}\t${JSON.stringify(line)}`).join('\n');
  return [
    '// Made by src/schema/generate.ts from api-facts.json; do not edit.',
    `export const table = String.raw\`${text}\`;`,
    `export const olderKinds = ${JSON.stringify(olderKinds(facts).sort().join('\n'))};`,
    '',
  ].join('\n');
}

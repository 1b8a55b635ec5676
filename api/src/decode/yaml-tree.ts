/** YAML 1.1 as upstream reads it: one document, turned into the tree its JSON would give. */
// Like YAMLToJSON of sigs.k8s.io/yaml over go-yaml v2.
import { Composer, isAlias, isMap, isPair, isScalar, isSeq, LineCounter, Parser, type Document, type Node } from 'yaml';
import { JsonObject, NumberLiteral, plainValue, type JsonTree } from './json-tree.ts';
import { YamlError, yamlErrorText } from './yaml-error.ts';

export interface YamlTree {
  tree: JsonTree;
  /** `line 7: key "k" already set in map`. */
  duplicates: string[];
}

/** What aliases may unfold to, in characters; the limit of a body. */
const maxUnfolded = 3 * 1024 * 1024;

const dropped = new Set(['timestamp', 'binary', 'omap', 'pairs', 'set', 'merge']);

/** Go's reader knows neither dates nor base-60 numbers here. */
const keepTag = (tag: unknown) => {
  const { tag: name = '', format } = tag as { tag?: string; format?: string };
  return !dropped.has(name.slice(name.lastIndexOf(':') + 1)) && format !== 'TIME';
};

function firstDocument(text: string, lines: LineCounter): Document.Parsed | undefined {
  const composer = new Composer({
    version: '1.1',
    schema: 'yaml-1.1',
    uniqueKeys: false,
    intAsBigInt: true,
    customTags: (tags) => tags.filter(keepTag),
    logLevel: 'silent',
  });
  for (const token of new Parser(lines.addNewLine).parse(text)) {
    for (const document of composer.next(token)) return document;
  }
  for (const document of composer.end(false)) return document;
  return undefined;
}

class TreeBuilder {
  readonly duplicates: string[] = [];
  readonly #lines: LineCounter;
  readonly #anchors = new Map<string, Node>();
  readonly #open = new Set<Node>();
  #unfolded = 0;
  #inAlias = 0;

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  build(node: unknown): JsonTree {
    if (isAlias(node)) return this.#alias(this.#anchors.get(node.source), node.source);
    if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor) this.#anchors.set(node.anchor, node);
    if (this.#inAlias > 0) this.#count(isScalar(node) ? String(node.value).length + 1 : 8);
    if (isMap(node)) return this.#map(node.items);
    if (isSeq(node)) return node.items.map((item) => this.build(item));
    return isScalar(node) ? scalar(node.value, node.source) : null;
  }

  #count(size: number): void {
    this.#unfolded += size;
    if (this.#unfolded > maxUnfolded) throw new YamlError('yaml: document contains excessive aliasing');
  }

  #alias(target: Node | undefined, name: string): JsonTree {
    if (!target) throw new YamlError(`yaml: unknown anchor '${name}' referenced`);
    if (this.#open.has(target)) throw new YamlError(`yaml: anchor '${name}' value contains itself`);
    this.#open.add(target);
    this.#inAlias++;
    const tree = this.build(target);
    this.#inAlias--;
    this.#open.delete(target);
    return tree;
  }

  /** Keys come sorted, as Go writes a map. */
  #map(items: readonly unknown[]): JsonObject {
    const entries = new Map<string, JsonTree>();
    const merged: unknown[] = [];
    for (const item of items) {
      if (!isPair(item)) continue;
      if (isScalar(item.key) && item.key.value === '<<' && item.key.type === 'PLAIN') {
        merged.push(item.value);
        continue;
      }
      const key = keyText(this.build(item.key));
      if (entries.has(key)) this.#duplicate(key, (item.value ?? item.key) as Node);
      entries.set(key, this.build(item.value));
    }
    for (const source of merged) this.#merge(this.build(source), entries);
    const result = new JsonObject();
    for (const key of [...entries.keys()].sort()) result.add(key, entries.get(key)!);
    return result;
  }

  /** `<<`: keys of other maps, where this one has none of its own. */
  #merge(source: JsonTree, entries: Map<string, JsonTree>): void {
    for (const tree of Array.isArray(source) ? source : [source]) {
      if (!(tree instanceof JsonObject))
        throw new YamlError('yaml: map merge requires map or sequence of maps as the value');
      tree.keys.forEach((key, index) => {
        if (!entries.has(key)) entries.set(key, tree.values[index]!);
      });
    }
  }

  #duplicate(key: string, node: Node): void {
    const line = this.#lines.linePos(node.range?.[0] ?? 0).line;
    this.duplicates.push(`line ${line}: key ${JSON.stringify(key)} already set in map`);
  }
}

function scalar(value: unknown, source: string | undefined): JsonTree {
  if (typeof value === 'bigint') return new NumberLiteral(String(value));
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new YamlError(`json: unsupported value: ${goNumber(value)}`);
    return new NumberLiteral(goNumber(value));
  }
  if (typeof value === 'boolean' || typeof value === 'string' || value === null) return value;
  return source ?? null;
}

/** As Go's JSON writes a float: exponents have two digits, as JavaScript's have not. */
function goNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
  return String(value).replace(/e([+-])(\d)$/, 'e$10$2');
}

function keyText(key: JsonTree): string {
  if (key instanceof NumberLiteral) return key.text;
  if (key === null) throw new YamlError('unsupported map key of type: <nil>, key: <nil>');
  if (typeof key === 'object') throw new YamlError(`yaml: invalid map key: ${JSON.stringify(plainValue(key))}`);
  return String(key);
}

/** Throws YamlError. An empty text is null. */
export function parseYamlTree(text: string): YamlTree {
  const lines = new LineCounter();
  try {
    const document = firstDocument(text, lines);
    if (!document) return { tree: null, duplicates: [] };
    const [error] = document.errors;
    if (error) throw new YamlError(yamlErrorText(error, text, lines));
    const builder = new TreeBuilder(lines);
    return { tree: builder.build(document.contents), duplicates: builder.duplicates };
  } catch (error) {
    if (error instanceof RangeError) throw new YamlError('yaml: exceeded max depth of 10000');
    throw error;
  }
}

/** Sets of fields, in the very form in which managedFields carries them, so that nothing is parsed or written on the way. */
// Like structured-merge-diff fieldpath/set.go. A step leads to the set below it. An empty one means: this field, nothing
// below it. One that has '.' means: this field, and what is listed. One without: only what is listed.
import { isJsonObject } from '../json-object.ts';
import { parseElement, printElement, sortElements } from './path-element.ts';

/** Never changed once made; parts are shared between sets. Keys are steps, which start with a letter and a colon, or '.'. */
export interface FieldSet {
  readonly [element: string]: FieldSet;
}

type Mutable = Record<string, FieldSet>;

export const noFields: FieldSet = Object.freeze({});

export const isEmptySet = (set: FieldSet): boolean => {
  for (const _ in set) return false;
  return true;
};

/** A step's own membership, as against that of what lies below it. */
const isMember = (node: FieldSet | undefined): boolean =>
  node !== undefined && (node['.'] !== undefined || isEmptySet(node));

/** Below a step: the node without its '.'. */
function childrenOf(node: FieldSet): FieldSet {
  if (node['.'] === undefined) return node;
  const { '.': _, ...rest } = node;
  return rest;
}

/** `node` as that of a step that is a member or not; undefined when nothing is left of it. */
function asMember(node: FieldSet, member: boolean): FieldSet | undefined {
  let leads = false;
  for (const element in node) if (element !== '.') leads = true;
  if (!leads) return member ? noFields : undefined;
  if (member === (node['.'] !== undefined)) return node;
  return member ? { '.': noFields, ...node } : childrenOf(node);
}

/** The node of a step that is itself a member, above `children`. */
export const memberWith = (children: FieldSet): FieldSet => asMember(children, true) ?? noFields;

// Below, sets and nodes alike are walked past '.': what it says is put right by asMember on the way up.

/** Both sets at once. Answers one of the two itself when the other adds nothing. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a === b || isEmptySet(b)) return a;
  if (isEmptySet(a)) return b;
  let result: Mutable | undefined;
  for (const element in b) {
    if (element === '.') continue;
    const left = a[element];
    const right = b[element] as FieldSet;
    const merged = left === undefined ? right : unionOfNodes(left, right);
    if (merged !== left) (result ??= { ...a })[element] = merged;
  }
  return result ?? a;
}

const unionOfNodes = (a: FieldSet, b: FieldSet): FieldSet =>
  a === b ? a : (asMember(union(a, b), isMember(a) || isMember(b)) ?? noFields);

/** Rebuilds `set` with each node that `change` answers; undefined drops it. Answers `set` itself when nothing changed. */
function mapNodes(set: FieldSet, change: (element: string, node: FieldSet) => FieldSet | undefined): FieldSet {
  let result: Mutable | undefined;
  for (const element in set) {
    if (element === '.') continue;
    const node = set[element] as FieldSet;
    const changed = change(element, node);
    if (changed === node) continue;
    result ??= { ...set };
    if (changed === undefined) delete result[element];
    else result[element] = changed;
  }
  return result ?? set;
}

/** What is in `a` and not in `b`. Taking away a field leaves what is listed below it. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  return mapNodes(a, (element, node) => {
    const other = b[element];
    return other === undefined ? node : asMember(difference(node, other), isMember(node) && !isMember(other));
  });
}

/** What is in `a` and not in `b`, and not below a field of `b` either. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  if (isEmptySet(b)) return a;
  return mapNodes(a, (element, node) => {
    const other = b[element];
    if (other === undefined) return node;
    return isMember(other) ? undefined : asMember(recursiveDifference(node, other), isMember(node));
  });
}

/** What is in both. */
export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  return mapNodes(a, (element, node) => {
    const other = b[element];
    return other === undefined ? undefined : asMember(intersection(node, other), isMember(node) && isMember(other));
  });
}

export const hasMember = (set: FieldSet, element: string): boolean => isMember(set[element]);

/** What lies below a step; undefined when nothing does. */
export function below(set: FieldSet, element: string): FieldSet | undefined {
  const node = set[element];
  if (node === undefined) return undefined;
  const children = childrenOf(node);
  return isEmptySet(children) ? undefined : children;
}

export function hasPath(set: FieldSet, path: readonly string[]): boolean {
  let node: FieldSet | undefined = set;
  for (const element of path) node = node?.[element];
  return path.length > 0 && isMember(node);
}

/** The set that holds this one path. */
export const setOfPath = (path: readonly string[]): FieldSet =>
  path.reduceRight<FieldSet>((node, element) => ({ [element]: node }), noFields);

const elementsOf = (set: FieldSet): string[] => Object.keys(set).filter((element) => element !== '.');

/** All paths, as upstream walks them: the fields of a level first, then what lies below each. */
export function pathsOf(set: FieldSet, prefix: readonly string[] = []): string[][] {
  const elements = sortElements(elementsOf(set));
  return [
    ...elements.filter((element) => isMember(set[element])).map((element) => [...prefix, element]),
    ...elements.flatMap((element) => pathsOf(set[element] as FieldSet, [...prefix, element])),
  ];
}

export const printPath = (path: readonly string[]): string => path.map(printElement).join('');

/** The same set with keys in upstream's order, '.' first: what is stored. Parts already in order are kept. */
export function sortFieldSet(set: FieldSet): FieldSet {
  let changed: Mutable | undefined;
  let before: string | undefined;
  let inOrder = true;
  for (const element in set) {
    const node = set[element] as FieldSet;
    const sorted = sortFieldSet(node);
    if (sorted !== node) (changed ??= { ...set })[element] = sorted;
    if (before !== undefined && inOrder) inOrder = standsBefore(before, element);
    before = element;
  }
  const result = changed ?? set;
  if (inOrder) return result;
  const elements = sortElements(elementsOf(result));
  if (result['.']) elements.unshift('.');
  return Object.fromEntries(elements.map((element) => [element, result[element] as FieldSet]));
}

function standsBefore(a: string, b: string): boolean {
  if (a === '.' || b === '.') return a === '.';
  if (a.startsWith('f:') && b.startsWith('f:')) return a < b;
  return sortElements([a, b])[0] === a;
}

/** A set as a client wrote it, in canonical form. Steps of unknown sorts are left out; throws when it is malformed. */
export function parseFieldSet(json: unknown, isRoot = true): FieldSet {
  if (!isJsonObject(json)) throw new Error('a set of fields must be an object');
  const children: Mutable = {};
  let member = false;
  for (const [text, value] of Object.entries(json)) {
    if (text === '.') {
      member = true;
      continue;
    }
    const element = parseElement(text);
    if (element === undefined) continue;
    const node = parseFieldSet(value, false);
    const known = children[element];
    children[element] = known === undefined ? node : unionOfNodes(known, node);
  }
  return isRoot ? children : (asMember(children, member || isEmptySet(children)) ?? noFields);
}

/** Lays an applied configuration over an object: what it names is set, nothing is removed. */
// Like structured-merge-diff typed/merge.go.
import { equalJson, getKey, isJsonObject, setKey, type JsonObject } from '../json-object.ts';
import { itemElement } from './path-element.ts';
import { shapeOf, typeUnder, type ListType, type MapType, type ValueType } from './value-type.ts';

/** The merged value: `live` itself where nothing changes, so that comparing the two costs nothing. Undefined only when both are. */
export function mergeValues(type: ValueType, live: unknown, applied: unknown): unknown {
  if (applied === undefined) return live;
  if (live === undefined) return applied;
  const shape = shapeOf(type, applied);
  // The later of two shapes is what stands.
  if (shapeOf(type, live) !== shape || shape === 'scalar') return applied;
  if (shape === 'map') return mergeMaps(type.map as MapType, live, applied);
  return mergeLists(type.list as ListType, live, applied);
}

const replace = (live: unknown, applied: unknown): unknown => (equalJson(live, applied) ? live : applied);

function mergeMaps(map: MapType, live: unknown, applied: unknown): unknown {
  const before = isJsonObject(live) ? live : {};
  const after = isJsonObject(applied) ? applied : {};
  if (map.atomic || (Object.keys(before).length === 0 && Object.keys(after).length === 0))
    return replace(live, applied);
  let result: JsonObject | undefined;
  for (const name of Object.keys(after)) {
    const type = typeUnder(map, name);
    if (!type) continue;
    const old = getKey(before, name);
    const merged = mergeValues(type, old, after[name]);
    if (merged !== old) setKey((result ??= { ...before }), name, merged);
  }
  return result ?? before;
}

interface Indexed {
  elements: string[];
  /** Items whose key stands twice are not merged with anything: their value is null. */
  items: Map<string, unknown>;
}

function indexItems(list: ListType, value: readonly unknown[]): Indexed {
  const items = new Map<string, unknown>();
  const elements = value.map((item) => {
    const element = itemElement(list, item);
    items.set(element, items.has(element) ? null : item);
    return element;
  });
  return { elements, items };
}

function mergeLists(list: ListType, live: unknown, applied: unknown): unknown {
  const before: readonly unknown[] = Array.isArray(live) ? live : [];
  const after: readonly unknown[] = Array.isArray(applied) ? applied : [];
  if (list.atomic || (before.length === 0 && after.length === 0)) return replace(live, applied);
  const merged = interleave(list, before, indexItems(list, before), indexItems(list, after));
  const isSame = merged.length === before.length && merged.every((item, i) => item === before[i]);
  return isSame ? before : merged;
}

/** Items in both lists come in the order of `right`; the others stay near the neighbours they had. */
function interleave(list: ListType, before: readonly unknown[], left: Indexed, right: Indexed): unknown[] {
  const result: unknown[] = [];
  const merged = new Set<string>();
  const shared = right.elements.filter((element) => left.items.has(element));
  let nextShared = shared.shift();
  const take = (element: string) => {
    merged.add(element);
    result.push(mergeValues(list.items, left.items.get(element), right.items.get(element)));
  };
  for (let l = 0, r = 0; l < left.elements.length || r < right.elements.length;) {
    const leftElement = left.elements[l];
    const rightElement = right.elements[r];
    if (leftElement !== undefined && leftElement === rightElement) {
      take(leftElement);
      l++;
      r++;
      nextShared = shared.shift();
      continue;
    }
    const isShared = leftElement !== undefined && right.items.has(leftElement);
    if (isShared && rightElement !== undefined && nextShared !== undefined && nextShared !== leftElement) {
      l++;
      continue;
    }
    if (leftElement !== undefined && !isShared) {
      result.push(before[l++]);
      continue;
    }
    if (leftElement !== undefined && merged.has(leftElement)) l++;
    if (rightElement === undefined) continue;
    take(rightElement);
    r++;
    if (nextShared === rightElement) nextShared = shared.shift();
  }
  return result;
}

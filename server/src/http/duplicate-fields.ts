/** Keys that stand twice in one JSON object. */
import { JsonObject, type JsonTree } from '@naru/api/decode/json-tree';

/** `duplicate field "metadata.labels.a"`, in the order they stand. */
export function duplicateFields(tree: JsonTree, path = ''): string[] {
  if (Array.isArray(tree)) return tree.flatMap((item, index) => duplicateFields(item, `${path}[${index}]`));
  if (!(tree instanceof JsonObject)) return [];
  const seen = new Set<string>();
  return tree.keys.flatMap((key, index) => {
    const below = path ? `${path}.${key}` : key;
    const own = seen.has(key) ? [`duplicate field ${JSON.stringify(below)}`] : [];
    seen.add(key);
    return [...own, ...duplicateFields(tree.values[index]!, below)];
  });
}

/** Keys of all objects in a parsed value; fewer than were written when some stood twice. */
export function countKeys(value: unknown): number {
  if (value === null || typeof value !== 'object') return 0;
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + countKeys(item), 0);
  return Object.values(value).reduce<number>((sum, field) => sum + 1 + countKeys(field), 0);
}

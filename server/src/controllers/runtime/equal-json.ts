/** Whether two JSON values say the same, whatever the order of their keys; a key that is undefined is no key. */
export function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((element, index) => equalJson(element, b[index]));
  }
  const keys = (object: object) => Object.entries(object).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  const [left, right] = [keys(a), keys(b)];
  if (left.length !== right.length) return false;
  return left.every(
    (key) =>
      Object.hasOwn(b, key) && equalJson((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}

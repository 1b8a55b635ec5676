/** Copies of JSON values, and values nobody can change; keys like `__proto__` survive both. */

/** A deep copy; fields that are undefined are left out, as JSON would. */
export function cloneJson<T>(value: T): T {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(cloneJson) as T;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value)) {
    const field = (value as Record<string, unknown>)[key];
    if (field === undefined) continue;
    if (key === '__proto__') {
      Object.defineProperty(copy, key, {
        value: cloneJson(field),
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else copy[key] = cloneJson(field);
  }
  return copy as T;
}

/** Freezes the value and all it holds, and returns it. */
export function deepFreeze<T>(value: T): T {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const field of Object.values(value)) deepFreeze(field);
  return value;
}

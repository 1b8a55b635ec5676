/** Whether two decoded values say the same: absent, null, and empty lists and maps are one thing. */
// Like apimachinery pkg/api/equality Semantic.DeepEqual.

export function semanticallyEqual(left: unknown, right: unknown): boolean {
  if (left === right) return true;
  if (isEmpty(left) || isEmpty(right)) return isEmpty(left) && isEmpty(right);
  if (Array.isArray(left) || Array.isArray(right)) return equalLists(left, right);
  if (typeof left !== 'object' || typeof right !== 'object' || !left || !right) return false;
  const one = new Map(Object.entries(left));
  const other = new Map(Object.entries(right));
  return [...new Set([...one.keys(), ...other.keys()])].every((key) => semanticallyEqual(one.get(key), other.get(key)));
}

const equalLists = (left: unknown, right: unknown): boolean =>
  Array.isArray(left) &&
  Array.isArray(right) &&
  left.length === right.length &&
  left.every((item, index) => semanticallyEqual(item, right[index]));

const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' &&
    (Array.isArray(value) ? value.length === 0 : Object.values(value).every((field) => field === undefined)));

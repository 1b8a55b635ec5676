/** Decoded objects hold null where Go writes a nil list that it does not leave out; validators read that as absent. */

/** `value` without null fields: the same value where there are none. */
export function withoutNulls<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return listWithoutNulls(value) as Value;
  const fields = value as Record<string, unknown>;
  let copy: Record<string, unknown> | undefined;
  for (const key of Object.keys(fields)) {
    const field = fields[key];
    if (field === null) {
      copy ??= { ...fields };
      delete copy[key];
      continue;
    }
    const clean = withoutNulls(field);
    if (clean === field) continue;
    copy ??= { ...fields };
    copy[key] = clean;
  }
  return (copy ?? value) as Value;
}

function listWithoutNulls(list: readonly unknown[]): readonly unknown[] {
  let copy: unknown[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const clean = withoutNulls(list[index]);
    if (clean !== list[index]) (copy ??= [...list])[index] = clean;
  }
  return copy ?? list;
}

/** Sets of completion indexes, and their text: 1,3-5,7. */

/** Reads the text; indexes from `limit` on are left out. */
export function parseIndexes(text: string | undefined, limit: number): Set<number> {
  const indexes = new Set<number>();
  for (const part of text ? text.split(',') : []) {
    const [first = '', last = first] = part.split('-');
    for (let index = Number(first); index <= Number(last) && index < limit; index++) indexes.add(index);
  }
  return indexes;
}

/** Two neighbours are written with a comma, three and more as a range. */
// Like orderedIntervals.String.
export function formatIndexes(indexes: Iterable<number>): string {
  const sorted = [...indexes].sort((a, b) => a - b);
  const parts: string[] = [];
  for (let start = 0; start < sorted.length;) {
    let end = start;
    while (sorted[end + 1] === (sorted[end] ?? 0) + 1) end++;
    const length = end - start + 1;
    if (length === 1) parts.push(String(sorted[start]));
    else parts.push(`${sorted[start]}${length === 2 ? ',' : '-'}${sorted[end]}`);
    start = end + 1;
  }
  return parts.join(',');
}

/** A unified diff of two texts, with three lines of context and no file names. */

type Line = { kind: ' ' | '-' | '+'; text: string; left: number; right: number };

const context = 3;
/** Beyond so many differing lines the middle is shown as replaced whole: exactness there helps nobody and costs time. */
const tooLong = 3000;

export function unifiedDifference(before: string, after: string): string {
  const lines = compare(before.replace(/\n$/, '').split('\n'), after.replace(/\n$/, '').split('\n'));
  return hunks(lines)
    .map((hunk) => `${header(hunk)}\n${hunk.map(({ kind, text }) => `${kind}${text}\n`).join('')}`)
    .join('');
}

function compare(left: readonly string[], right: readonly string[]): Line[] {
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start++;
  let end = 0;
  while (
    end < left.length - start &&
    end < right.length - start &&
    left[left.length - 1 - end] === right[right.length - 1 - end]
  )
    end++;
  const same = (from: number, count: number, offset: number) =>
    Array.from({ length: count }, (_, index): Line => ({
      kind: ' ',
      text: left[from + index] ?? '',
      left: from + index,
      right: from + index + offset,
    }));
  return [
    ...same(0, start, 0),
    ...middle(left.slice(start, left.length - end), right.slice(start, right.length - end), start),
    ...same(left.length - end, end, right.length - left.length),
  ];
}

/** The longest common lines stay; of what differs, removals stand before additions. */
function middle(left: readonly string[], right: readonly string[], offset: number): Line[] {
  const keep = left.length > tooLong || right.length > tooLong ? undefined : commonLengths(left, right);
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const at = { left: offset + i, right: offset + j };
    if (keep && i < left.length && j < right.length && left[i] === right[j]) {
      lines.push({ kind: ' ', text: left[i] ?? '', ...at });
      i++;
      j++;
    } else if (i < left.length && (j >= right.length || !keep || (keep[i + 1]?.[j] ?? 0) >= (keep[i]?.[j + 1] ?? 0))) {
      lines.push({ kind: '-', text: left[i] ?? '', ...at });
      i++;
    } else {
      lines.push({ kind: '+', text: right[j] ?? '', ...at });
      j++;
    }
  }
  return lines;
}

function commonLengths(left: readonly string[], right: readonly string[]): Uint16Array[] {
  const rows = Array.from({ length: left.length + 1 }, () => new Uint16Array(right.length + 1));
  for (let i = left.length - 1; i >= 0; i--)
    for (let j = right.length - 1; j >= 0; j--) {
      const row = rows[i];
      if (!row) continue;
      row[j] =
        left[i] === right[j] ? (rows[i + 1]?.[j + 1] ?? 0) + 1 : Math.max(rows[i + 1]?.[j] ?? 0, row[j + 1] ?? 0);
    }
  return rows;
}

function hunks(lines: readonly Line[]): Line[][] {
  const found: Line[][] = [];
  let until = -1;
  lines.forEach(({ kind }, index) => {
    if (kind === ' ') return;
    const from = Math.max(0, index - context);
    const current = found.at(-1);
    if (current && from <= until) current.push(...lines.slice(until, Math.min(lines.length, index + context + 1)));
    else found.push(lines.slice(from, index + context + 1));
    until = Math.min(lines.length, index + context + 1);
  });
  return found;
}

function header(hunk: readonly Line[]): string {
  const [first] = hunk;
  const left = hunk.filter(({ kind }) => kind !== '+').length;
  const right = hunk.filter(({ kind }) => kind !== '-').length;
  const range = (start: number, length: number) =>
    length === 1 ? `${start + 1}` : `${length ? start + 1 : start},${length}`;
  return `@@ -${range(first?.left ?? 0, left)} +${range(first?.right ?? 0, right)} @@`;
}

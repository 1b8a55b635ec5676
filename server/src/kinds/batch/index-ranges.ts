/** Indexes of an indexed job as text: `0,2-4`. */
// Like validateIndexesFormat of pkg/apis/batch/validation.
import { goQuote } from '@naru/api/go-values';

type Range = readonly [first: number, last: number];

/** The ranges of a text, or what is wrong with it. `completions` bounds the indexes. */
export function parseIndexRanges(text: string, completions: number): Range[] | string {
  const ranges: Range[] = [];
  if (!text) return ranges;
  let previous: number | undefined;
  for (const part of text.split(',')) {
    const range = parseRange(part, completions);
    if (typeof range === 'string') return range;
    if (previous !== undefined && previous >= range[0])
      return `non-increasing order, previous: ${previous}, current: ${range[0]}`;
    ranges.push(range);
    previous = range[1];
  }
  return ranges;
}

export const countIndexes = (ranges: readonly Range[]): number =>
  ranges.reduce((sum, [first, last]) => sum + last - first + 1, 0);

/** The first index both have. */
export function commonIndex(left: readonly Range[], right: readonly Range[]): number | undefined {
  let [i, j] = [0, 0];
  for (;;) {
    const [one, other] = [left[i], right[j]];
    if (!one || !other) return undefined;
    const [first, last] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
    if (first <= last) return first;
    if (one[1] < other[1]) i++;
    else j++;
  }
}

function parseRange(text: string, completions: number): Range | string {
  const parts = text.split('-');
  if (parts.length > 2)
    return `the fragment ${goQuote(text)} violates the requirement that an index interval can have at most two parts separated by '-'`;
  const limits: number[] = [];
  for (const part of parts) {
    if (!/^[+]?[0-9]{1,18}$/.test(part)) return `cannot convert string to integer for index: ${goQuote(part)}`;
    const limit = Number(part);
    if (limit >= completions) return `too large index: ${goQuote(part)}`;
    limits.push(limit);
  }
  const [first = 0, last] = limits;
  if (last === undefined) return [first, first];
  return first >= last ? `non-increasing order, previous: ${first}, current: ${last}` : [first, last];
}

/** Lines as rows of equal height: wrapped by counting columns, and with JSON unfolded below them. */
import { withoutAnsi, type Span } from './ansi';
import type { LogLine } from './log-line';

export interface LogRow {
  readonly line: LogLine;
  /** Of the line among those shown. */
  readonly place: number;
  /** Letters of the line without its codes; a whole line has no end. Of unfolded JSON the number of its row. */
  readonly from: number;
  readonly to: number | undefined;
  /** A row of the unfolded JSON instead of the line itself. */
  readonly detail?: string;
}

export interface Layout {
  /** Of a row; undefined: rows are as long as their lines. */
  readonly columns: number | undefined;
  /** Taken by what stands before the text of a line's first row. */
  prefixOf(line: LogLine): number;
  /** Numbers of the lines whose JSON is unfolded. */
  readonly unfolded: ReadonlySet<number>;
}

export function rowsOf(lines: readonly LogLine[], { columns, prefixOf, unfolded }: Layout): LogRow[] {
  const rows: LogRow[] = [];
  for (const [place, line] of lines.entries()) {
    const cuts = columns === undefined ? [] : cutsOf(line, Math.max(columns, 20), prefixOf(line));
    for (const [index, from] of [0, ...cuts].entries()) rows.push({ line, place, from, to: cuts[index] });
    if (!unfolded.has(line.number)) continue;
    for (const [index, detail] of (unfoldedJson(line.text) ?? []).entries())
      rows.push({ line, place, from: index, to: undefined, detail });
  }
  return rows;
}

/** Where the row of a line begins. */
export function firstRowOf(rows: readonly LogRow[], place: number): number {
  // Rows are in the order of their lines, and no line has less than one.
  let [low, high] = [Math.min(place, rows.length - 1), rows.length - 1];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((rows[middle]?.place ?? 0) < place) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Letters at which further rows begin. Whoever has to wrap is not told where words end: logs are mostly not words. */
function cutsOf({ text }: LogLine, columns: number, prefix: number): number[] {
  // No letter is wider than two columns.
  if (prefix + text.length * 2 <= columns) return [];
  const cuts: number[] = [];
  let left = columns - prefix;
  let letters = 0;
  for (const letter of withoutAnsi(text)) {
    const width = widthOf(letter);
    if (width > left) {
      cuts.push(letters);
      left = columns;
    }
    left -= width;
    letters += letter.length;
  }
  return cuts;
}

/** Like wcwidth for the letters of East Asia: two columns each. */
function widthOf(letter: string): number {
  const code = letter.codePointAt(0) ?? 0;
  const isWide =
    (code >= 0x1100 && code <= 0x115f) ||
    (code >= 0x2e80 && code <= 0xa4cf) ||
    (code >= 0xac00 && code <= 0xd7a3) ||
    (code >= 0xf900 && code <= 0xfaff) ||
    (code >= 0xfe30 && code <= 0xfe6f) ||
    (code >= 0xff00 && code <= 0xff60) ||
    (code >= 0x1f300 && code <= 0x1faff) ||
    (code >= 0x20000 && code <= 0x3fffd);
  return isWide ? 2 : 1;
}

/** What of the spans lies between two letters. */
export function cutSpans(spans: readonly Span[], from: number, to: number | undefined): readonly Span[] {
  if (from === 0 && to === undefined) return spans;
  const cut: Span[] = [];
  let begin = 0;
  for (const { text, style } of spans) {
    const part = text.slice(Math.max(0, from - begin), to === undefined ? undefined : Math.max(0, to - begin));
    if (part !== '') cut.push({ text: part, style });
    begin += text.length;
  }
  return cut;
}

const longestJson = 64 * 1024;

/** Whether a line looks like an object that can be unfolded; it is read only when somebody asks. */
export const looksLikeJson = (text: string): boolean => text.startsWith('{') && text.trimEnd().endsWith('}');

/** The object a line holds, one field in a row; undefined for what is none. */
export function unfoldedJson(text: string): string[] | undefined {
  if (!looksLikeJson(text) || text.length > longestJson) return undefined;
  try {
    return JSON.stringify(JSON.parse(text), null, 2).split('\n');
  } catch {
    // It only looked like it.
    return undefined;
  }
}

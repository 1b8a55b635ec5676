/** Finds text in lines. */
import { withoutAnsi } from './ansi';
import type { LogLine } from './log-line';

/** What to look for; undefined when nothing is typed, an error text when the expression is none. */
export type Pattern = RegExp | { readonly error: string } | undefined;

export function patternOf(text: string, regex: boolean): Pattern {
  if (text === '') return undefined;
  try {
    return new RegExp(regex ? text : text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'gi');
  } catch (error) {
    // Typing an expression passes through states that are none; the field says so.
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

/** The places of the lines that match. */
export function matchingLines(lines: readonly LogLine[], pattern: RegExp): number[] {
  const places: number[] = [];
  for (const [index, { text }] of lines.entries()) {
    pattern.lastIndex = 0;
    if (pattern.test(withoutAnsi(text))) places.push(index);
  }
  return places;
}

export interface Piece {
  readonly text: string;
  readonly found: boolean;
}

/** A text cut at what was found. */
export function highlight(text: string, pattern: RegExp | undefined): Piece[] {
  if (!pattern) return [{ text, found: false }];
  const pieces: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(pattern)) {
    if (match[0] === '') continue;
    if (match.index > end) pieces.push({ text: text.slice(end, match.index), found: false });
    pieces.push({ text: match[0], found: true });
    end = match.index + match[0].length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end), found: false });
  return pieces;
}

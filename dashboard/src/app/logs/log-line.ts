/** One line of a log: where it came from, when, and how grave it looks. */
export type Level = 'error' | 'warn' | 'info' | 'debug' | 'other';

export interface LogLine {
  readonly number: number;
  /** The instance it came from. */
  readonly source: string;
  /** RFC 3339 with nanoseconds, as the server stamps it; sorts as text. */
  readonly time: string;
  readonly text: string;
  readonly level: Level;
}

const stamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)) ?/;
const looksLike: readonly (readonly [Level, RegExp])[] = [
  ['error', /\b(?:error|err|fatal|panic|critical|exception|severe)\b/i],
  ['warn', /\b(?:warn|warning)\b/i],
  ['debug', /\b(?:debug|trace|verbose)\b/i],
  ['info', /\b(?:info|notice)\b/i],
];

/** Takes the server's time stamp off a line. */
export function splitStamp(raw: string): { readonly time: string; readonly text: string } {
  const match = stamp.exec(raw.slice(0, 64));
  return match ? { time: match[1] ?? '', text: raw.slice(match[0].length) } : { time: '', text: raw };
}

/** Guessed from the first words of the line, where loggers put it. */
export function levelOf(text: string): Level {
  const start = text.slice(0, 160);
  return looksLike.find(([, words]) => words.test(start))?.[0] ?? 'other';
}

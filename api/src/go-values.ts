/** Values as upstream prints them in error messages: Go's %q for strings, JSON for the rest. */

const escapes: Record<string, string> = {
  '\u0007': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
  '\\': '\\\\',
  '"': '\\"',
};

const escapeRune = (rune: string): string => {
  const known = escapes[rune];
  if (known) return known;
  const code = rune.codePointAt(0) ?? 0;
  if (code < 0x80) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
};

/** `text` in double quotes, with what cannot be printed escaped. Like strconv.Quote. */
export function goQuote(text: string): string {
  return `"${text.replace(/["\\]|[^\p{L}\p{M}\p{N}\p{P}\p{S} ]/gu, escapeRune)}"`;
}

/** JSON as encoding/json writes it: <, > and & escaped. */
export function goJSON(value: unknown): string {
  return (JSON.stringify(value) ?? 'null').replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** A value as it stands after `Invalid value: `. */
export function goValue(value: unknown): string {
  if (typeof value === 'string') return goQuote(value);
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  return goJSON(value);
}

/** A list of strings as Go's %q prints it: ["a" "b"]. */
export const goQuotedList = (values: readonly string[]): string => `[${values.map(goQuote).join(' ')}]`;

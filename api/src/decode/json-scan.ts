/** One cheap look over JSON text, to know whether the engine's own parser sees in it what Go's would. */

export interface JsonScan {
  /** Nested deeper than upstream reads. */
  tooDeep: boolean;
  /** Keys written in the text, duplicates counted each. */
  keys: number;
  /** No number but small integers, no escaped surrogates: values mean the same in Go and here. */
  plain: boolean;
}

/** Upstream refuses deeper nesting. */
// Like maxNestingDepth of encoding/json.
export const maxDepth = 10_000;
export const depthError = "invalid character '{' exceeded max depth";

const quote = 34;
const backslash = 92;
const colon = 58;

/** Index of the quote that ends the string whose opening quote is at `start`; -1 when there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end > 0 && text.charCodeAt(end - 1) === backslash) {
    let escapes = 1;
    while (text.charCodeAt(end - 1 - escapes) === backslash) escapes++;
    if (escapes % 2 === 0) return end;
    end = text.indexOf('"', end + 1);
  }
  return end;
}

/** Takes any text; what it finds in text that is not JSON means nothing, except the depth. */
export function scanJson(text: string): JsonScan {
  let depth = 0;
  let keys = 0;
  let digits = 0;
  let plain = !/\\u[dD]/.test(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code >= 48 && code <= 57) {
      if (++digits > 15) plain = false;
      continue;
    }
    if (code === quote) {
      index = endOfString(text, index);
      if (index < 0) break;
    } else if (code === colon) {
      keys++;
    } else if (code === 123 || code === 91) {
      if (++depth > maxDepth) return { tooDeep: true, keys, plain: false };
    } else if (code === 125 || code === 93) {
      depth--;
    } else if (code === 46 || (digits > 0 && (code === 101 || code === 69))) {
      plain = false;
    }
    digits = 0;
  }
  return { tooDeep: false, keys, plain };
}

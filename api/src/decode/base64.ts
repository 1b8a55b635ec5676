/** Base64 as Go's StdEncoding takes it. */

const plain = /^[A-Za-z0-9+/]*={0,2}$/;
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Canonical base64 of what `text` encodes; undefined when Go would refuse it. */
export function canonicalBase64(text: string): string | undefined {
  if (text.length % 4 === 0 && plain.test(text) && lastBitsAreZero(text)) return text;
  if (corruptAt(text) !== undefined) return undefined;
  return Buffer.from(text, 'base64').toString('base64');
}

/** Bits of the last digit that no byte takes; Go ignores them, and writes zeros. */
function lastBitsAreZero(text: string): boolean {
  if (!text.endsWith('=')) return true;
  const unused = text.endsWith('==') ? 15 : 3;
  const digit = text[text.length - (unused === 15 ? 3 : 2)]!;
  return (alphabet.indexOf(digit) & unused) === 0;
}

const isNewline = (character: string | undefined) => character === '\n' || character === '\r';

/** Byte at which Go finds the text corrupt. */
// Like Encoding.decodeQuantum.
export function corruptAt(text: string): number | undefined {
  const bytes = Buffer.from(text).toString('latin1');
  let position = 0;
  while (position < bytes.length) {
    let digits = 0;
    while (digits < 4) {
      if (position === bytes.length) return digits === 0 ? undefined : position - digits;
      const character = bytes[position++]!;
      if (isNewline(character)) continue;
      if (alphabet.includes(character)) {
        digits++;
        continue;
      }
      if (character !== '=' || digits < 2) return position - 1;
      return afterPadding(bytes, position, digits);
    }
  }
  return undefined;
}

function afterPadding(bytes: string, start: number, digits: number): number | undefined {
  let position = start;
  if (digits === 2) {
    while (isNewline(bytes[position])) position++;
    if (position === bytes.length) return bytes.length;
    if (bytes[position] !== '=') return position - 1;
    position++;
  }
  while (isNewline(bytes[position])) position++;
  return position < bytes.length ? position : undefined;
}

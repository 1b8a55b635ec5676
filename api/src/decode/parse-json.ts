/** Reads JSON text into a tree, and says what is wrong with it in the words of Go. */
// Like the scanner of encoding/json.
import { JsonObject, NumberLiteral, type JsonTree } from './json-tree.ts';
import { depthError, maxDepth } from './json-scan.ts';

/** Text that is no JSON; the message is Go's. */
export class JsonSyntaxError extends Error {
  override name = 'JsonSyntaxError';
}

const unexpectedEnd = 'unexpected end of JSON input';

/** The offending byte as Go prints it. Text beyond ASCII shows its first UTF-8 byte, as a character. */
function quoted(character: string): string {
  if (character === "'") return `'\\''`;
  if (character === '"') return `'"'`;
  const byte = Buffer.from(character)[0]!;
  const printable = String.fromCharCode(byte);
  const names: Record<number, string> = { 7: '\\a', 8: '\\b', 9: '\\t', 10: '\\n', 11: '\\v', 12: '\\f', 13: '\\r' };
  if (byte === 92) return `'\\\\'`;
  if (names[byte]) return `'${names[byte]}'`;
  if (byte < 32 || byte === 127) return `'\\x${byte.toString(16).padStart(2, '0')}'`;
  if ((byte > 127 && byte <= 160) || byte === 173) return `'\\u${byte.toString(16).padStart(4, '0')}'`;
  return `'${printable}'`;
}

const isDigit = (character: string | undefined) => character !== undefined && character >= '0' && character <= '9';

class Parser {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  parse(): JsonTree {
    const value = this.#value(1);
    this.#blanks();
    if (this.#position < this.#text.length) throw this.#unexpected('after top-level value');
    return value;
  }

  #unexpected(where: string): JsonSyntaxError {
    const character = this.#text[this.#position];
    if (character === undefined) return new JsonSyntaxError(unexpectedEnd);
    const whole = String.fromCodePoint(this.#text.codePointAt(this.#position)!);
    return new JsonSyntaxError(`invalid character ${quoted(whole)} ${where}`);
  }

  #blanks(): void {
    while (' \t\n\r'.includes(this.#text[this.#position] ?? 'x')) this.#position++;
  }

  #value(depth: number): JsonTree {
    this.#blanks();
    const character = this.#text[this.#position];
    if (character === '{') return this.#object(depth);
    if (character === '[') return this.#array(depth);
    if (character === '"') return this.#string();
    if (character === '-' || isDigit(character)) return this.#number();
    if (character === 't') return this.#literal('true', true);
    if (character === 'f') return this.#literal('false', false);
    if (character === 'n') return this.#literal('null', null);
    throw this.#unexpected('looking for beginning of value');
  }

  #deeper(depth: number): void {
    if (depth > maxDepth) throw new JsonSyntaxError(depthError);
    this.#position++;
    this.#blanks();
  }

  #object(depth: number): JsonObject {
    const result = new JsonObject();
    this.#deeper(depth);
    if (this.#text[this.#position] === '}') {
      this.#position++;
      return result;
    }
    for (;;) {
      this.#blanks();
      if (this.#text[this.#position] !== '"') throw this.#unexpected('looking for beginning of object key string');
      const key = this.#string().toWellFormed();
      this.#blanks();
      if (this.#text[this.#position] !== ':') throw this.#unexpected('after object key');
      this.#position++;
      result.add(key, this.#value(depth + 1));
      this.#blanks();
      const next = this.#text[this.#position];
      if (next !== ',' && next !== '}') throw this.#unexpected('after object key:value pair');
      this.#position++;
      if (next === '}') return result;
    }
  }

  #array(depth: number): JsonTree[] {
    const result: JsonTree[] = [];
    this.#deeper(depth);
    if (this.#text[this.#position] === ']') {
      this.#position++;
      return result;
    }
    for (;;) {
      result.push(this.#value(depth + 1));
      this.#blanks();
      const next = this.#text[this.#position];
      if (next !== ',' && next !== ']') throw this.#unexpected('after array element');
      this.#position++;
      if (next === ']') return result;
    }
  }

  #literal<T extends boolean | null>(word: string, value: T): T {
    for (const expected of word) {
      if (this.#text[this.#position] !== expected) {
        throw this.#unexpected(`in literal ${word} (expecting ${quoted(expected)})`);
      }
      this.#position++;
    }
    return value;
  }

  #string(): string {
    const start = this.#position++;
    let escaped = false;
    for (;;) {
      const character = this.#text[this.#position];
      if (character === undefined) throw new JsonSyntaxError(unexpectedEnd);
      if (character === '"') break;
      if (character < ' ') throw this.#unexpected('in string literal');
      this.#position++;
      if (character === '\\') {
        escaped = true;
        this.#escape();
      }
    }
    this.#position++;
    const raw = this.#text.slice(start, this.#position);
    return escaped ? (JSON.parse(raw) as string) : raw.slice(1, -1);
  }

  #escape(): void {
    const character = this.#text[this.#position];
    if (character === undefined || !'bfnrt\\/"u'.includes(character)) {
      throw this.#unexpected('in string escape code');
    }
    this.#position++;
    if (character !== 'u') return;
    for (let digit = 0; digit < 4; digit++) {
      if (!/^[0-9a-fA-F]$/.test(this.#text[this.#position] ?? '')) {
        throw this.#unexpected('in \\u hexadecimal character escape');
      }
      this.#position++;
    }
  }

  #digits(where: string): void {
    if (!isDigit(this.#text[this.#position])) throw this.#unexpected(where);
    while (isDigit(this.#text[this.#position])) this.#position++;
  }

  #number(): NumberLiteral {
    const start = this.#position;
    if (this.#text[this.#position] === '-') this.#position++;
    if (this.#text[this.#position] === '0') this.#position++;
    else this.#digits('in numeric literal');
    if (this.#text[this.#position] === '.') {
      this.#position++;
      this.#digits('after decimal point in numeric literal');
    }
    if ('eE'.includes(this.#text[this.#position] ?? 'x')) {
      this.#position++;
      if ('+-'.includes(this.#text[this.#position] ?? 'x')) this.#position++;
      this.#digits('in exponent of numeric literal');
    }
    return new NumberLiteral(this.#text.slice(start, this.#position));
  }
}

/** Throws JsonSyntaxError. */
export function parseJsonTree(text: string): JsonTree {
  try {
    return new Parser(text).parse();
  } catch (error) {
    // Out of stack: so deep that nobody meant it.
    throw error instanceof RangeError ? new JsonSyntaxError(depthError) : error;
  }
}

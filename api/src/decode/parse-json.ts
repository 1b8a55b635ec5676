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

type Container = JsonObject | JsonTree[];

/** Says that a container was opened and its first value comes next. */
const begun = Symbol('begun');

class Parser {
  readonly #text: string;
  #position = 0;
  readonly #open: Container[] = [];
  /** Keys whose values are still to come, one for each open object. */
  readonly #keys: string[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  /** Without recursion: 10,000 levels are legal, and more than the stack takes. */
  parse(): JsonTree {
    let value = this.#next();
    for (;;) {
      const container = this.#open.at(-1);
      if (!container) break;
      if (value !== begun) this.#add(container, value);
      value = this.#inside(container, value === begun);
    }
    this.#blanks();
    if (this.#position < this.#text.length) throw this.#unexpected('after top-level value');
    return value as JsonTree;
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

  /** A scalar, or `begun` for a container whose bracket it passed. */
  #next(): JsonTree | typeof begun {
    this.#blanks();
    const character = this.#text[this.#position];
    if (character === '{') return this.#begin(new JsonObject());
    if (character === '[') return this.#begin([]);
    if (character === '"') return this.#string();
    if (character === '-' || isDigit(character)) return this.#number();
    if (character === 't') return this.#literal('true', true);
    if (character === 'f') return this.#literal('false', false);
    if (character === 'n') return this.#literal('null', null);
    throw this.#unexpected('looking for beginning of value');
  }

  #begin(container: Container): typeof begun {
    if (this.#open.length === maxDepth) throw new JsonSyntaxError(depthError);
    this.#open.push(container);
    this.#position++;
    return begun;
  }

  #add(container: Container, value: JsonTree): void {
    if (Array.isArray(container)) container.push(value);
    else container.add(this.#keys.pop()!, value);
  }

  /** The next value in an open container, or the container itself when it ends here. */
  #inside(container: Container, empty: boolean): JsonTree | typeof begun {
    const isArray = Array.isArray(container);
    const end = isArray ? ']' : '}';
    this.#blanks();
    const character = this.#text[this.#position];
    if (character === end) {
      this.#position++;
      return this.#open.pop()!;
    }
    if (!empty) {
      if (character !== ',') throw this.#unexpected(isArray ? 'after array element' : 'after object key:value pair');
      this.#position++;
    }
    if (!isArray) this.#keys.push(this.#key());
    return this.#next();
  }

  #key(): string {
    this.#blanks();
    if (this.#text[this.#position] !== '"') throw this.#unexpected('looking for beginning of object key string');
    const key = this.#string().toWellFormed();
    this.#blanks();
    if (this.#text[this.#position] !== ':') throw this.#unexpected('after object key');
    this.#position++;
    return key;
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
export const parseJsonTree = (text: string): JsonTree => new Parser(text).parse();

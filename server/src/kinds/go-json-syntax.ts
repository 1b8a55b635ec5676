/** What encoding/json says about a text that is not JSON. */

const printable = (character: string) =>
  character === "'"
    ? `'\\''`
    : character === '"'
      ? `'"'`
      : character < ' '
        ? JSON.stringify(character).replaceAll('"', "'")
        : `'${character}'`;

/** Upstream's sentence about the first thing wrong in `text`; empty when it is JSON. Like json.Unmarshal. */
export function goJSONSyntaxError(text: string): string {
  try {
    JSON.parse(text);
    return '';
  } catch {
    return new Scanner(text).problem();
  }
}

/** Reads JSON only to find out where it goes wrong, in the words of Go's scanner. */
class Scanner {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  problem(): string {
    try {
      this.#value();
      this.#blanks();
      if (this.#at < this.#text.length) this.#fail('after top-level value');
    } catch (error) {
      return error instanceof SyntaxError ? error.message : String(error);
    }
    return 'invalid JSON';
  }

  #fail(context: string): never {
    const character = this.#text[this.#at];
    if (character === undefined) throw new SyntaxError('unexpected end of JSON input');
    throw new SyntaxError(`invalid character ${printable(character)} ${context}`);
  }

  #blanks(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? '')) this.#at++;
  }

  #value(): void {
    this.#blanks();
    const character = this.#text[this.#at] ?? '';
    if (character === '{') return this.#members('}');
    if (character === '[') return this.#members(']');
    if (character === '"') return this.#string();
    if (character === 't') return this.#word('true');
    if (character === 'f') return this.#word('false');
    if (character === 'n') return this.#word('null');
    if (/[-0-9]/.test(character)) return this.#number();
    return this.#fail('looking for beginning of value');
  }

  #word(word: string): void {
    for (const [index, expected] of [...word].entries()) {
      if (this.#text[this.#at] !== expected)
        this.#fail(`in literal ${word} (expecting ${printable(word[index] ?? '')})`);
      this.#at++;
    }
  }

  #number(): void {
    if (this.#text[this.#at] === '-') this.#at++;
    if (!this.#digit()) this.#fail('in numeric literal');
    if (this.#text[this.#at] === '0') this.#at++;
    else while (this.#digit()) this.#at++;
    if (this.#text[this.#at] === '.') this.#digits('after decimal point in numeric literal');
    if (!/[eE]/.test(this.#text[this.#at] ?? '')) return;
    if (/[-+]/.test(this.#text[this.#at + 1] ?? '')) this.#at++;
    this.#digits('in exponent of numeric literal');
  }

  #digits(context: string): void {
    this.#at++;
    if (!this.#digit()) this.#fail(context);
    while (this.#digit()) this.#at++;
  }

  #digit(): boolean {
    return /[0-9]/.test(this.#text[this.#at] ?? '');
  }

  #string(): void {
    for (this.#at++; this.#text[this.#at] !== '"'; this.#at++) {
      const character = this.#text[this.#at];
      if (character === undefined || character < ' ') this.#fail('in string literal');
      if (character !== '\\') continue;
      this.#at++;
      if (!/["\\/bfnrtu]/.test(this.#text[this.#at] ?? '')) this.#fail('in string escape code');
      if (this.#text[this.#at] !== 'u') continue;
      for (let digit = 0; digit < 4; digit++) {
        this.#at++;
        if (!/[0-9a-fA-F]/.test(this.#text[this.#at] ?? '')) this.#fail('in \\u hexadecimal character escape');
      }
    }
    this.#at++;
  }

  #members(end: '}' | ']'): void {
    const isObject = end === '}';
    this.#at++;
    this.#blanks();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      if (isObject) this.#key();
      this.#value();
      this.#blanks();
      const character = this.#text[this.#at];
      if (character !== end && character !== ',')
        this.#fail(isObject ? 'after object key:value pair' : 'after array element');
      this.#at++;
      if (character === end) return;
    }
  }

  #key(): void {
    this.#blanks();
    if (this.#text[this.#at] !== '"') this.#fail('looking for beginning of object key string');
    this.#string();
    this.#blanks();
    if (this.#text[this.#at] !== ':') this.#fail('after object key');
    this.#at++;
  }
}

/** Reads the `labelSelector` query parameter: `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1`. */
// Like apimachinery pkg/labels/selector.go: the same tokens, so that the same mistakes get the same sentences.
import { goQuote } from './go-values.ts';
import {
  newRequirement,
  selectorOf,
  type LabelSelector,
  type Requirement,
  type SelectorOperator,
} from './label-selector.ts';
import { checkQualifiedName } from './names.ts';
import { badRequest } from './status.ts';

type TokenKind =
  'identifier' | 'end' | 'error' | 'in' | 'notin' | ')' | '(' | ',' | '!' | '=' | '==' | '!=' | '<' | '>';

interface Token {
  kind: TokenKind;
  text: string;
}

const isSpecial = (char: string) => '=!(),><'.includes(char);
const isBlank = (char: string) => char === ' ' || char === '\t' || char === '\r' || char === '\n';
const specials: ReadonlySet<string> = new Set(['=', '==', '!=', '!', '(', ')', ',', '>', '<']);

/** The longest run of special characters that is a token, starting at `at`. */
function specialToken(text: string, at: number): { token: Token; next: number } {
  let end = at;
  let known = '';
  while (end < text.length && isSpecial(text[end] as string)) {
    const candidate = text.slice(at, end + 1);
    if (specials.has(candidate)) known = candidate;
    else if (known) break;
    end++;
  }
  if (known) return { token: { kind: known as TokenKind, text: known }, next: end };
  return { token: { kind: 'error', text: `error expected: keyword found '${text.slice(at, end)}'` }, next: end };
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length && text[at] !== '\0') {
    const char = text[at] as string;
    if (isBlank(char)) {
      at++;
    } else if (isSpecial(char)) {
      const { token, next } = specialToken(text, at);
      tokens.push(token);
      at = next;
    } else {
      const start = at;
      while (at < text.length && text[at] !== '\0' && !isSpecial(text[at] as string) && !isBlank(text[at] as string))
        at++;
      const word = text.slice(start, at);
      tokens.push({ kind: word === 'in' || word === 'notin' ? word : 'identifier', text: word });
    }
  }
  tokens.push({ kind: 'end', text: '' });
  return tokens;
}

const operators = new Map<TokenKind, SelectorOperator>([
  ['in', 'in'],
  ['notin', 'notin'],
  ['=', '='],
  ['==', '=='],
  ['!=', '!='],
  ['>', 'gt'],
  ['<', 'lt'],
]);

class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(text: string) {
    this.#tokens = tokenize(text);
  }

  /** Where a value or key is expected, `in` and `notin` are ordinary words. */
  #peek(): Token {
    const token = this.#tokens[this.#position] ?? { kind: 'end', text: '' };
    return token.kind === 'in' || token.kind === 'notin' ? { kind: 'identifier', text: token.text } : token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#position++;
    return token;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const { kind, text } = this.#peek();
      if (kind === 'end') return requirements;
      if (kind !== 'identifier' && kind !== '!')
        throw new Error(`found '${text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const after = this.#take();
      if (after.kind === 'end') return requirements;
      if (after.kind !== ',') throw new Error(`found '${after.text}', expected: ',' or 'end of string'`);
      const next = this.#peek();
      if (next.kind !== 'identifier' && next.kind !== '!')
        throw new Error(`found '${next.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      return this.#parseRequirement();
    } catch (error) {
      throw new Error(`unable to parse requirement: ${(error as Error).message}`, { cause: error });
    }
  }

  #parseRequirement(): Requirement {
    let token = this.#take();
    const negated = token.kind === '!';
    if (negated) token = this.#take();
    if (token.kind !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    const key = token.text;
    const errors = checkQualifiedName(key);
    if (errors.length) throw new Error(`<nil>: Invalid value: ${goQuote(key)}: ${errors.join('; ')}`);
    if (negated) return newRequirement(key, '!', []);
    const { kind } = this.#peek();
    if (kind === 'end' || kind === ',') return newRequirement(key, 'exists', []);
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#values() : [this.#exactValue()];
    return newRequirement(key, operator, values);
  }

  #operator(): SelectorOperator {
    const token = this.#tokens[this.#position++] ?? { kind: 'end', text: '' };
    const operator = operators.get(token.kind);
    if (!operator) throw new Error(`found '${token.text}', expected: in, notin, =, ==, !=, gt, lt`);
    return operator;
  }

  #exactValue(): string {
    const { kind } = this.#peek();
    if (kind === 'end' || kind === ',') return '';
    const token = this.#take();
    if (token.kind !== 'identifier') throw new Error(`found '${token.text}', expected: identifier`);
    return token.text;
  }

  #values(): string[] {
    const open = this.#take();
    if (open.kind !== '(') throw new Error(`found '${open.text}' expected: '('`);
    const first = this.#peek();
    if (first.kind === ')') {
      this.#take();
      return [''];
    }
    if (first.kind !== 'identifier' && first.kind !== ',')
      throw new Error(`found '${first.text}', expected: ',', ')' or identifier`);
    const values = this.#valueList();
    if (this.#take().kind !== ')') throw new Error(`found '${first.text}', expected: ')'`);
    return values;
  }

  /** Up to the closing parenthesis. Empty places count as the empty value: `(,a)`, `(a,)`, `(a,,b)`. */
  #valueList(): string[] {
    const values: string[] = [];
    for (;;) {
      const token = this.#take();
      const next = this.#peek();
      if (token.kind === 'identifier') {
        values.push(token.text);
        if (next.kind === ')') return values;
        if (next.kind !== ',') throw new Error(`found '${next.text}', expected: ',' or ')'`);
      } else if (token.kind === ',') {
        if (values.length === 0 || next.kind === ')' || next.kind === ',') values.push('');
        if (next.kind === ')') return values;
      } else {
        throw new Error(`found '${token.text}', expected: ',', or identifier`);
      }
    }
  }
}

/** Throws a 400 StatusError with upstream's message. The empty string selects everything. */
export function parseLabelSelector(text: string): LabelSelector {
  try {
    return selectorOf(new Parser(text).parse());
  } catch (error) {
    throw badRequest((error as Error).message);
  }
}

/** Spells decoded JSON the way Go's fmt package does, because upstream's messages hold such spellings. */
import { goQuote } from './go-values.ts';

/** Integers, which are int64, plainly; others as `%v` prints a float64. */
export function printNumber(value: number): string {
  if (Number.isInteger(value)) return value.toFixed(0);
  const [digits = '', exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 6) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** `map[a:1 b:[x y]]`, keys sorted, `<nil>` for null: what `%v` prints. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (typeof value === 'number') return printNumber(value);
  if (typeof value !== 'object') return String(value as string | boolean | bigint);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, each]) => `${key}:${goPrint(each)}`).join(' ')}]`;
}

/** `map[string]interface {}{"a":1}`: what `%#v` prints. */
export function goSyntax(value: unknown): string {
  if (value === null || value === undefined) return 'interface {}(nil)';
  if (typeof value === 'string') return goQuote(value);
  if (Array.isArray(value)) return `[]interface {}{${value.map(goSyntax).join(', ')}}`;
  if (typeof value === 'number') return printNumber(value);
  if (typeof value !== 'object') return String(value as boolean | bigint);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[string]interface {}{${entries.map(([key, each]) => `${goQuote(key)}:${goSyntax(each)}`).join(', ')}}`;
}

/** The Go type of a decoded value: what `%T` prints. */
export function goTypeName(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'number') return Number.isInteger(value) ? 'int64' : 'float64';
  if (typeof value === 'boolean') return 'bool';
  return typeof value === 'string' ? 'string' : 'map[string]interface {}';
}

/** What Go's JSON decoder calls the value: `cannot unmarshal number into Go value of type …`. */
export function jsonKind(value: unknown): 'null' | 'array' | 'object' | 'string' | 'number' | 'bool' {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'boolean' ? 'bool' : kind === 'string' || kind === 'object' ? kind : 'number';
}

/** Spells decoded JSON the way Go's `%v` does, because upstream's messages hold such spellings. */

/** Integers plainly, other numbers in the shortest form, with Go's exponents. */
function printNumber(value: number): string {
  if (Number.isInteger(value) && Math.abs(value) < 1e21) return value.toFixed(0);
  const [digits = '', exponent] = value.toExponential().split('e');
  const power = Number(exponent);
  if (power >= -4 && power < 21) return String(value);
  return `${digits}e${power < 0 ? '-' : '+'}${String(Math.abs(power)).padStart(2, '0')}`;
}

/** `map[a:1 b:[x y]]`, keys sorted, `<nil>` for null. */
export function goPrint(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(goPrint).join(' ')}]`;
  if (typeof value === 'number') return printNumber(value);
  if (typeof value !== 'object') return String(value as string | boolean | bigint);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, each]) => `${key}:${goPrint(each)}`).join(' ')}]`;
}

/** What Go's JSON decoder calls the value: `cannot unmarshal number into Go value of type …`. */
export function jsonKind(value: unknown): 'null' | 'array' | 'object' | 'string' | 'number' | 'bool' {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  const kind = typeof value;
  return kind === 'boolean' ? 'bool' : kind === 'string' || kind === 'object' ? kind : 'number';
}

/** Quantities such as `500m`, `1.5Gi` and `1e3`: exact decimal numbers that remember how they were written. */
// Like apimachinery pkg/api/resource/quantity.go.

export type QuantityFormat = 'BinarySI' | 'DecimalSI' | 'DecimalExponent';

/** `value × 10^scale`; `text` is kept when the way it was written is already canonical. */
export interface Quantity {
  readonly value: bigint;
  readonly scale: number;
  readonly format: QuantityFormat;
  readonly text?: string;
}

export const quantityFormatError =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const numericError = 'unable to parse numeric part of quantity';
const suffixError = "unable to parse quantity's suffix";

/** Text that is no quantity; the message is upstream's. */
export class QuantityError extends Error {
  override name = 'QuantityError';
}

const decimalSuffixes = new Map<string, number>([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const decimalNames = new Map([...decimalSuffixes].map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffixes = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

const nano = -9;
/** Digits an int64 takes for certain; numbers of more take the slow path, whose results differ in spelling. */
const maxDigits = 18;
/** No number anybody means is longer; the work on one grows faster than its length. */
const maxLength = 1000;
const maxInt64 = 2n ** 63n - 1n;

export const zeroQuantity: Quantity = Object.freeze({ value: 0n, scale: 0, format: 'DecimalSI', text: '0' });

interface Parts {
  negative: boolean;
  /** Without leading zeros, but "0" when there is nothing else. */
  whole: string;
  fraction: string;
  suffix: string;
}

const isDigit = (code: number) => code >= 48 && code <= 57;

function afterDigits(text: string, start: number): number {
  let position = start;
  while (position < text.length && isDigit(text.charCodeAt(position))) position++;
  return position;
}

function split(text: string): Parts {
  let position = text[0] === '-' || text[0] === '+' ? 1 : 0;
  while (text[position] === '0') position++;
  if (position === text.length) return { negative: text[0] === '-', whole: '0', fraction: '', suffix: '' };
  const wholeEnd = afterDigits(text, position);
  const whole = text.slice(position, wholeEnd) || '0';
  position = wholeEnd;
  let fraction = '';
  if (text[position] === '.') {
    const end = afterDigits(text, position + 1);
    fraction = text.slice(position + 1, end);
    position = end;
  }
  const suffix = text.slice(position);
  let rest = 0;
  while (rest < suffix.length && 'eEinumkKMGTP'.includes(suffix[rest]!)) rest++;
  if (suffix[rest] === '-' || suffix[rest] === '+') rest++;
  if (afterDigits(suffix, rest) !== suffix.length) throw new QuantityError(quantityFormatError);
  return { negative: text[0] === '-', whole, fraction, suffix };
}

interface Suffix {
  format: QuantityFormat;
  /** Of ten, or of two when the format is BinarySI. */
  exponent: number;
}

function interpret(suffix: string): Suffix {
  const decimal = decimalSuffixes.get(suffix);
  if (decimal !== undefined) return { format: 'DecimalSI', exponent: decimal };
  const binary = binarySuffixes.indexOf(suffix);
  if (binary >= 0) return { format: 'BinarySI', exponent: 10 * (binary + 1) };
  const exponent = suffix.slice(1);
  // Upstream takes exponents up to 2^31, and is busy for minutes with one.
  if ((suffix[0] === 'e' || suffix[0] === 'E') && /^[+-]?\d{1,4}$/.test(exponent)) {
    return { format: 'DecimalExponent', exponent: Number(exponent) };
  }
  throw new QuantityError(suffixError);
}

/** Whether upstream keeps the spelling: it looks canonical enough to its fast path. */
function keepsSpelling(digits: string, scale: number, { format, exponent }: Suffix): boolean {
  if (format === 'BinarySI') return exponent % 10 === 0 && Number(BigInt(digits) & 7n) !== 0;
  return scale % 3 === 0 && !digits.endsWith('000') && digits[0] !== '0';
}

/** Throws QuantityError. Blanks are not trimmed. */
export function parseQuantity(text: string): Quantity {
  if (text === '' || text.length > maxLength) throw new QuantityError(quantityFormatError);
  if (text === '0') return zeroQuantity;
  const { negative, whole, fraction, suffix: suffixText } = split(text);
  const suffix = interpret(suffixText);
  const digits = whole + fraction;
  const sign = negative ? -1n : 1n;
  const scale = (suffix.format === 'BinarySI' ? 0 : suffix.exponent) - fraction.length;

  if (onFastPath(whole, fraction, scale, suffix)) {
    const factor = suffix.format === 'BinarySI' ? 1n << BigInt(suffix.exponent) : 1n;
    const value = sign * BigInt(digits) * factor;
    if (value <= maxInt64 && value >= -maxInt64) {
      const quantity = { value, scale, format: suffix.format };
      return keepsSpelling(digits, scale, suffix) ? { ...quantity, text } : quantity;
    }
  }
  if (digits === '0' && !/\d/.test(text)) throw new QuantityError(numericError);
  return slowPath(BigInt(digits), scale, suffix, sign);
}

function onFastPath(whole: string, fraction: string, scale: number, { format, exponent }: Suffix): boolean {
  if (scale < nano) return false;
  if (format !== 'BinarySI') return whole.length + fraction.length <= maxDigits;
  return fraction === '' && 15 - whole.length - Math.trunc((exponent * 3) / 10) - 1 >= 0;
}

function slowPath(digits: bigint, scale: number, suffix: Suffix, sign: bigint): Quantity {
  const factor = suffix.format === 'BinarySI' ? 1n << BigInt(suffix.exponent) : 1n;
  let amount = roundedUp({ value: digits * factor, scale }, nano);
  let format = suffix.format;
  if (format === 'BinarySI') {
    if (compareAmounts(amount, { value: maxInt64, scale: 0 }) > 0) amount = { value: maxInt64, scale: 0 };
    const belowOne = amount.value > 0n && compareAmounts(amount, { value: 1n, scale: 0 }) < 0;
    if (belowOne) format = 'DecimalSI';
  }
  return { value: sign * amount.value, scale: amount.scale, format };
}

interface Amount {
  value: bigint;
  scale: number;
}

const ten = (exponent: number) => 10n ** BigInt(exponent);
const digitsOf = (value: bigint) => (value < 0n ? -value : value).toString().length;

/** To a multiple of 10^scale, away from zero. */
function roundedUp(amount: Amount, scale: number): Amount {
  if (amount.scale >= scale || amount.value === 0n) return amount;
  const sign = amount.value < 0n ? -1n : 1n;
  const drop = scale - amount.scale;
  if (drop > digitsOf(amount.value)) return { value: sign, scale };
  const divisor = ten(drop);
  const magnitude = amount.value * sign;
  const quotient = magnitude / divisor;
  return { value: sign * (magnitude % divisor === 0n ? quotient : quotient + 1n), scale };
}

function compareAmounts(a: Amount, b: Amount): number {
  const signs = Number(a.value > 0n) - Number(a.value < 0n) - (Number(b.value > 0n) - Number(b.value < 0n));
  if (signs !== 0) return signs;
  if (a.value === 0n) return 0;
  // Magnitudes first, so that 1e999999999 is compared without being written out.
  const size = digitsOf(a.value) + a.scale - (digitsOf(b.value) + b.scale);
  if (size !== 0) return a.value > 0n ? size : -size;
  const scale = Math.min(a.scale, b.scale);
  const difference = a.value * ten(a.scale - scale) - b.value * ten(b.scale - scale);
  return difference === 0n ? 0 : difference > 0n ? 1 : -1;
}

/** The canonical way of writing it: no fraction, the largest suffix that loses nothing. */
export function formatQuantity(quantity: Quantity): string {
  if (quantity.text !== undefined) return quantity.text;
  if (quantity.value === 0n) return '0';
  if (quantity.format !== 'BinarySI') return formatDecimal(quantity, quantity.format);
  const small =
    compareAmounts(quantity, { value: -1024n, scale: 0 }) > 0 &&
    compareAmounts(quantity, { value: 1024n, scale: 0 }) < 0;
  const whole = small ? undefined : exactInteger(quantity);
  return whole === undefined ? formatDecimal(quantity, 'DecimalSI') : formatBinary(whole);
}

function exactInteger({ value, scale }: Amount): bigint | undefined {
  if (scale >= 0) return value * ten(scale);
  const divisor = ten(-scale);
  return value % divisor === 0n ? value / divisor : undefined;
}

function formatBinary(value: bigint): string {
  let power = 0;
  while (power < binarySuffixes.length && value % 1024n === 0n) {
    value /= 1024n;
    power++;
  }
  return `${value}${power === 0 ? '' : binarySuffixes[power - 1]}`;
}

function formatDecimal({ value, scale }: Amount, format: QuantityFormat): string {
  let mantissa = value;
  let exponent = scale;
  while (mantissa % 10n === 0n) {
    mantissa /= 10n;
    exponent++;
  }
  const surplus = ((exponent % 3) + 3) % 3;
  mantissa *= ten(surplus);
  exponent -= surplus;
  const suffix = format === 'DecimalSI' ? decimalNames.get(exponent) : undefined;
  return `${mantissa}${suffix ?? (exponent === 0 ? '' : `e${exponent}`)}`;
}

/** What upstream stores for this text: trimmed and canonical. Throws QuantityError. */
export const canonicalQuantity = (text: string): string => formatQuantity(parseQuantity(text.trim()));

/** Negative, zero or positive. */
export const compareQuantities = (a: Quantity, b: Quantity): number => compareAmounts(a, b);

/** Keeps the format of the first that is not zero. */
export function addQuantities(a: Quantity, b: Quantity): Quantity {
  if (b.value === 0n) return { value: a.value, scale: a.scale, format: a.format };
  const scale = Math.min(a.scale, b.scale);
  const value = a.value * ten(a.scale - scale) + b.value * ten(b.scale - scale);
  return { value, scale, format: a.value === 0n ? b.format : a.format };
}

export const negateQuantity = ({ value, scale, format }: Quantity): Quantity => ({ value: -value, scale, format });

export const subtractQuantities = (a: Quantity, b: Quantity): Quantity => addQuantities(a, negateQuantity(b));

/** Rounds away from zero to a multiple of 10^scale (-3: milli), as limits and requests are before they are stored. */
export function roundQuantityUp(quantity: Quantity, scale: number): Quantity {
  if (quantity.scale >= scale) return quantity;
  return { ...roundedUp(quantity, scale), format: quantity.format };
}

/** Units of 10^scale, rounded up (-3: milli). */
export function scaledValue(quantity: Quantity, scale: number): bigint {
  const { value, scale: have } = roundedUp(quantity, scale);
  return value * ten(have - scale);
}

/** Whole units, rounded up; beyond 2^53 it loses digits. */
export const quantityValue = (quantity: Quantity): number => Number(scaledValue(quantity, 0));

/** Thousandths, rounded up. */
export const quantityMilliValue = (quantity: Quantity): number => Number(scaledValue(quantity, -3));

/** The nearest number. */
export const approximateNumber = ({ value, scale }: Quantity): number => Number(`${value}e${scale}`);

export function quantityFromInteger(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { value: BigInt(value), scale: 0, format };
}

export function quantityFromMilli(value: number | bigint, format: QuantityFormat = 'DecimalSI'): Quantity {
  return { value: BigInt(value), scale: -3, format };
}

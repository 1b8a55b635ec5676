/** Messages of the leaf types whose JSON is a text or a number → that JSON. */
import { DecodeError } from '../decode/go-decode.ts';
import { readSpecial } from '../decode/special-values.ts';
import { formatDuration } from '../duration.ts';
import type { SpecialKind } from '../schema/schema.ts';
import { formatMicroTime, formatTime } from '../time.ts';
import { WireReader } from './wire-reader.ts';

interface Fields {
  numbers: Map<number, number>;
  bytes: Map<number, Buffer>;
}

function fieldsOf(message: Uint8Array): Fields {
  const reader = new WireReader(message);
  const fields: Fields = { numbers: new Map(), bytes: new Map() };
  while (!reader.done) {
    const { number, wire } = reader.tag();
    if (wire === 0) fields.numbers.set(number, reader.int64());
    else if (wire === 2) fields.bytes.set(number, reader.bytes());
    else reader.skip(wire);
  }
  return fields;
}

/** Throws DecodeError. */
export function decodeSpecial(message: Uint8Array, kind: SpecialKind): unknown {
  const { numbers, bytes } = fieldsOf(message);
  switch (kind) {
    case 'Quantity':
      return quantity(bytes.get(1)?.toString('utf8') ?? '');
    case 'IntOrString':
      return numbers.get(1) ? (bytes.get(3)?.toString('utf8') ?? '') : (numbers.get(2) ?? 0);
    case 'Time':
      return message.length === 0 ? null : timeOf(numbers, (milliseconds) => formatTime(milliseconds));
    case 'MicroTime':
      return message.length === 0
        ? null
        : timeOf(numbers, (milliseconds, nanos) => formatMicroTime(milliseconds, Math.trunc(nanos / 1000)));
    case 'Duration':
      return formatDuration(BigInt(numbers.get(1) ?? 0));
    default:
      return embeddedJson(bytes.get(1));
  }
}

function quantity(text: string): unknown {
  try {
    return text === '' ? '0' : readSpecial(text, 'Quantity');
  } catch (error) {
    throw new DecodeError(error instanceof Error ? error.message : String(error));
  }
}

function timeOf(numbers: Map<number, number>, format: (milliseconds: number, nanos: number) => string): string {
  const milliseconds = (numbers.get(1) ?? 0) * 1000;
  // Go's years end at 9999 in text, JavaScript's dates a little later.
  if (Math.abs(milliseconds) > 8.64e15) throw new DecodeError('proto: time out of range');
  return format(milliseconds, numbers.get(2) ?? 0);
}

function embeddedJson(bytes: Buffer | undefined): unknown {
  if (!bytes || bytes.length === 0) return null;
  try {
    return JSON.parse(bytes.toString('utf8')) as unknown;
  } catch {
    throw new DecodeError('proto: embedded object is not JSON');
  }
}

/** Canonical forms and errors of the leaf types whose JSON is not that of their Go struct. */
import type { SpecialKind } from '../schema/schema.ts';
import { formatDuration, parseDuration } from '../duration.ts';
import { canonicalQuantity } from '../quantity.ts';
import { canonicalMicroTime, canonicalTime, zeroMicroTime, zeroTime } from '../time.ts';

/** What JSON shows of Go's zero value. */
export function zeroSpecial(kind: SpecialKind): unknown {
  if (kind === 'Quantity') return '0';
  if (kind === 'Duration') return '0s';
  return kind === 'IntOrString' ? 0 : null;
}

/** The form upstream stores; undefined when the value is of the wrong type or malformed. */
export function canonicalSpecial(value: unknown, kind: SpecialKind): unknown {
  try {
    if (kind === 'IntOrString') return isIntOrString(value) ? value : undefined;
    if (kind === 'Quantity' && typeof value === 'number') return canonicalQuantity(String(value));
    if (typeof value !== 'string') return undefined;
    return readSpecial(value, kind);
  } catch {
    return undefined;
  }
}

const isIntOrString = (value: unknown) =>
  typeof value === 'string' || (typeof value === 'number' && (value | 0) === value);

/** Throws QuantityError or TimeError with upstream's text. */
export function readSpecial(text: string, kind: SpecialKind): unknown {
  switch (kind) {
    case 'Quantity':
      return canonicalQuantity(text);
    case 'Time': {
      const time = canonicalTime(text);
      return time === zeroTime ? null : time;
    }
    case 'MicroTime': {
      const time = canonicalMicroTime(text);
      return time === zeroMicroTime ? null : time;
    }
    case 'Duration':
      return formatDuration(parseDuration(text));
    default:
      return text;
  }
}

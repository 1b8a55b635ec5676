/** What can be wrong with a field, one function per sort of error, and the list that validators add to. */
// Like apimachinery pkg/util/validation/field. A path is its text: `spec.containers[0].name`, `metadata.labels[a/b]`.
import { goQuote, goValue } from './go-values.ts';
import type { FieldError } from './status.ts';

const withDetail = (text: string, detail: string) => (detail ? `${text}: ${detail}` : text);

export const required = (field: string, detail = ''): FieldError => ({
  field,
  reason: 'FieldValueRequired',
  message: withDetail('Required value', detail),
});

export const invalidValue = (field: string, value: unknown, detail = ''): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: withDetail(`Invalid value: ${goValue(value)}`, detail),
});

/** For a value that would be too long or too odd to repeat. */
export const invalidUnsaid = (field: string, detail: string): FieldError => ({
  field,
  reason: 'FieldValueInvalid',
  message: withDetail('Invalid value', detail),
});

export const typeInvalid = (field: string, value: unknown, detail = ''): FieldError => ({
  field,
  reason: 'FieldValueTypeInvalid',
  message: withDetail(`Invalid value: ${goValue(value)}`, detail),
});

/** `supported` is listed in the order given; upstream sorts most lists. */
export const notSupported = (field: string, value: unknown, supported: readonly string[]): FieldError => ({
  field,
  reason: 'FieldValueNotSupported',
  message: withDetail(
    `Unsupported value: ${goValue(value)}`,
    supported.length ? `supported values: ${supported.map(goQuote).join(', ')}` : '',
  ),
});

export const duplicate = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueDuplicate',
  message: `Duplicate value: ${goValue(value)}`,
});

export const fieldNotFound = (field: string, value: unknown): FieldError => ({
  field,
  reason: 'FieldValueNotFound',
  message: `Not found: ${goValue(value)}`,
});

export const fieldForbidden = (field: string, detail: string): FieldError => ({
  field,
  reason: 'FieldValueForbidden',
  message: withDetail('Forbidden', detail),
});

/** `limit` in bytes. */
export const tooLong = (field: string, limit: number): FieldError => ({
  field,
  reason: 'FieldValueTooLong',
  message: `Too long: may not be more than ${limit} bytes`,
});

export const tooMany = (field: string, actual: number, limit: number): FieldError => ({
  field,
  reason: 'FieldValueTooMany',
  message: `Too many: ${actual}: must have at most ${limit} ${limit === 1 ? 'item' : 'items'}`,
});

export const fieldInternalError = (field: string, detail: string): FieldError => ({
  field,
  reason: 'InternalError',
  message: `Internal error: ${detail}`,
});

/** Collects errors in the order they are found. */
export class FieldErrors {
  readonly list: FieldError[] = [];

  add(...errors: readonly FieldError[]): void {
    this.list.push(...errors);
  }

  required(path: string, detail = ''): void {
    this.list.push(required(path, detail));
  }

  invalid(path: string, value: unknown, detail = ''): void {
    this.list.push(invalidValue(path, value, detail));
  }

  invalidUnsaid(path: string, detail: string): void {
    this.list.push(invalidUnsaid(path, detail));
  }

  notSupported(path: string, value: unknown, supported: readonly string[]): void {
    this.list.push(notSupported(path, value, supported));
  }

  duplicate(path: string, value: unknown): void {
    this.list.push(duplicate(path, value));
  }

  notFound(path: string, value: unknown): void {
    this.list.push(fieldNotFound(path, value));
  }

  forbidden(path: string, detail: string): void {
    this.list.push(fieldForbidden(path, detail));
  }

  tooLong(path: string, limit: number): void {
    this.list.push(tooLong(path, limit));
  }

  tooMany(path: string, actual: number, limit: number): void {
    this.list.push(tooMany(path, actual, limit));
  }

  /** One `Invalid value` for each message of a validator of names.ts or ip-addresses.ts. */
  invalidEach(path: string, value: unknown, messages: readonly string[]): void {
    for (const message of messages) this.invalid(path, value, message);
  }
}

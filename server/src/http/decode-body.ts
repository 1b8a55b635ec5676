/** Request bodies to objects. */
import { parse } from 'yaml';
import type { AnyObject } from '@naru/api/object';
import { badRequest, unsupportedMediaType } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import { mediaTypes } from './negotiate.ts';
import type { FieldValidation } from './query-options.ts';

export interface Body {
  readonly bytes: Buffer;
  /** The Content-Type header, as it was sent. */
  readonly contentType: string | undefined;
}

export const baseType = (contentType: string | undefined): string =>
  (contentType ?? 'application/json').split(';')[0]!.trim().toLowerCase();

const unknownFormat = () =>
  unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${mediaTypes.join(', ')}`,
  );

/** A new object, defaulted. Throws 400 or 415. */
export function decodeObject(
  body: Body,
  kind: Kind,
  _validation: FieldValidation,
  _warn: (text: string) => void,
): AnyObject {
  const object = decodeAny(body) as AnyObject;
  object.metadata ??= {};
  kind.setDefaults?.(object);
  return object;
}

export function decodeAny({ bytes, contentType }: Body): unknown {
  try {
    switch (baseType(contentType)) {
      case 'application/json':
        return JSON.parse(bytes.toString());
      case 'application/yaml':
        return parse(bytes.toString());
      default:
        throw unknownFormat();
    }
  } catch (error) {
    throw error instanceof SyntaxError ? badRequest(error.message) : error;
  }
}

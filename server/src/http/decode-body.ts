/** Request bodies to objects, by their Content-Type. */
import { decodeBody, decodeOptions, type BodyFormat } from '@naru/api/decode/decode-body';
import type { GroupVersionKind } from '@naru/api/decode/kind-of-body';
import type { AnyObject } from '@naru/api/object';
import { unsupportedMediaType } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import { mediaTypes } from './negotiate.ts';
import type { FieldValidation } from './query-options.ts';

export interface Body {
  readonly bytes: Buffer;
  /** The Content-Type header, as it was sent. */
  readonly contentType: string | undefined;
}

const formats = new Map<string, BodyFormat>([
  ['application/json', 'json'],
  ['application/yaml', 'yaml'],
  ['application/vnd.kubernetes.protobuf', 'protobuf'],
]);

/** The media type without parameters; none is JSON. */
export const baseType = (contentType: string | undefined): string =>
  (contentType || 'application/json').split(';')[0]!.trim().toLowerCase();

function formatOf({ contentType }: Body): BodyFormat {
  const format = formats.get(baseType(contentType));
  if (format) return format;
  throw unsupportedMediaType(
    `the body of the request was in an unknown format - accepted media types include: ${mediaTypes.join(', ')}`,
  );
}

/** A new object of the kind the path names, defaulted. Throws 400 or 415. */
export function decodeObject(
  body: Body,
  kind: Kind,
  fieldValidation: FieldValidation,
  warn: (text: string) => void,
): AnyObject {
  const object = decodeAs(body, kind, fieldValidation, warn);
  kind.setDefaults?.(object);
  return object;
}

/** A body of a type that need not be a served kind, such as Scale. `alsoAccepts`: other apiVersions it may name. */
export function decodeAs(
  body: Body,
  kind: GroupVersionKind,
  fieldValidation: FieldValidation,
  warn: (text: string) => void,
  alsoAccepts: readonly string[] = [],
): AnyObject {
  const { object, warnings } = decodeBody({
    bytes: body.bytes,
    format: formatOf(body),
    kind: { group: kind.group, version: kind.version, kind: kind.kind },
    fieldValidation,
    alsoAccepts,
  });
  warnings.forEach(warn);
  return object;
}

/** Options of a DELETE. */
export const decodeOptionsBody = (body: Body, kind: GroupVersionKind): AnyObject =>
  decodeOptions(body.bytes, formatOf(body), kind);

/** Request bodies of built-in kinds: bytes → object, warnings, or the 400 upstream would answer. */
// Like the decoding in pkg/endpoints/handlers/create.go and its transformDecodeError.
import type { AnyObject } from '../object.ts';
import { badRequest } from '../status.ts';
import type { TypeSchema } from '../schema/schema.ts';
import { isOlderKind, typeNamed } from '../schema/schema-table.ts';
import type { DecodedObject } from './decode-object.ts';
import { DecodeError, goDecode } from './go-decode.ts';
import { JsonObject } from './json-tree.ts';
import { apiVersionOf, interpretError, parseApiVersion, withDefaults, writtenKind } from './kind-of-body.ts';
import type { GroupVersionKind } from './kind-of-body.ts';
import { registeredKey, sameKind, wrongKind } from './kind-conversion.ts';
import { normalize } from './normalize.ts';
import { JsonSyntaxError } from './parse-json.ts';
import { readProtobuf } from '../protobuf/read-body.ts';
import type { ReadBody } from './read-body.ts';
import { readText, type TextBody, type TextFormat } from './read-tree.ts';
import { YamlError } from './yaml-error.ts';

export type BodyFormat = TextFormat | 'protobuf';
export type FieldValidation = 'Ignore' | 'Warn' | 'Strict';

export interface Body {
  bytes: Uint8Array;
  format: BodyFormat;
  /** What the path takes. */
  kind: GroupVersionKind;
  /** Query parameter fieldValidation; upstream's default is Warn. */
  fieldValidation: FieldValidation;
  /** Other apiVersions the path takes for the same kind, as if they were its own: policy/v1beta1 for evictions. */
  alsoAccepts?: readonly string[];
}

export interface DecodedBody {
  /** With kind and apiVersion, whatever the body said of them. */
  object: AnyObject;
  /** Texts for `Warning:` headers. */
  warnings: string[];
}

/** Throws a 400 StatusError with upstream's text. */
export function decodeBody(body: Body): DecodedBody {
  const { actual, object, problems } = decodeWritten(body);
  if (!sameKind(actual, body.kind)) throw wrongKind(actual, body.kind);
  if (problems.length > 0 && body.fieldValidation === 'Strict') {
    throw cannotBeHandled(actual, body.kind, `strict decoding error: ${problems.join(', ')}`);
  }
  return {
    object: object as AnyObject,
    warnings: body.fieldValidation === 'Warn' ? problems.flatMap(warningsOf) : [],
  };
}

/**
 * Options of a DELETE and the like: any group version may carry them and unknown fields are nobody's business.
 * Throws a 400 StatusError.
 */
export function decodeOptions(bytes: Uint8Array, format: BodyFormat, kind: GroupVersionKind): AnyObject {
  try {
    const read = readBody(bytes, format);
    const actual = withDefaults(read.written(), kind);
    return read.decode(typeNamed(registeredKey(actual, kind))!, actual).object as AnyObject;
  } catch (error) {
    throw isDecodeProblem(error) ? badRequest(messageOf(error)) : error;
  }
}

interface Written extends DecodedObject {
  actual: GroupVersionKind;
}

function decodeWritten(body: Body): Written {
  let actual: GroupVersionKind | undefined;
  try {
    const read = readBody(body.bytes, body.format);
    actual = withDefaults(read.written(), body.kind);
    if (actual.kind === body.kind.kind && body.alsoAccepts?.includes(apiVersionOf(actual))) actual = body.kind;
    if (isOlderKind(actual.group, actual.version, actual.kind)) return { actual, object: {}, problems: [] };
    return { actual, ...read.decode(typeNamed(registeredKey(actual, body.kind))!, actual) };
  } catch (error) {
    if (!isDecodeProblem(error)) throw error;
    throw actual ? cannotBeHandled(actual, body.kind, plainMessage(error)) : unrecognized(body, messageOf(error));
  }
}

const readBody = (bytes: Uint8Array, format: BodyFormat): ReadBody =>
  format === 'protobuf' ? readProtobuf(bytes) : readTextBody(readText(bytes, format));

function readTextBody(text: TextBody): ReadBody {
  return {
    written: () => writtenInPlain(text.plain?.value) ?? writtenKind(text.tree()),
    decode: (type, kind) => decodeFast(text, type, kind) ?? decodeExactly(text, type, kind),
  };
}

/** Undefined where the exact way has to be asked: no object, another spelling of the two fields, no text in them. */
function writtenInPlain(value: unknown): GroupVersionKind | undefined {
  if (!isRecord(value)) return undefined;
  for (const key of Object.keys(value)) {
    const isOneOfThem = key === 'apiVersion' || key === 'kind';
    if (isOneOfThem ? typeof value[key] !== 'string' : /^(?:apiversion|kind)$/iu.test(key)) return undefined;
  }
  const { apiVersion = '', kind = '' } = value as { apiVersion?: string; kind?: string };
  return { ...parseApiVersion(apiVersion), kind };
}

/** Undefined when the body is not beyond all doubt: the exact way then says what is wrong, if anything is. */
function decodeFast({ plain }: TextBody, type: TypeSchema, kind: GroupVersionKind): DecodedObject | undefined {
  if (!isRecord(plain?.value)) return undefined;
  const tally = { odd: false, keys: 0 };
  const written = plain.value;
  const added = Number(written['kind'] === undefined) + Number(written['apiVersion'] === undefined);
  const object = normalize(named(written, kind), type, tally);
  return tally.odd || tally.keys !== plain.keys + added ? undefined : { object, problems: [] };
}

function decodeExactly({ tree, yamlDuplicates }: TextBody, type: TypeSchema, kind: GroupVersionKind): DecodedObject {
  const written = tree();
  const { value, problems } = goDecode(written instanceof JsonObject ? written : new JsonObject(), type);
  return {
    object: normalize(named(value, kind), type, { odd: false, keys: 0 }),
    problems: yamlDuplicates.length ? [`${yamlProblem}${yamlDuplicates.join('\n  ')}`, ...problems] : problems,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function named(value: Record<string, unknown>, kind: GroupVersionKind): Record<string, unknown> {
  value['kind'] = kind.kind;
  value['apiVersion'] = apiVersionOf(kind);
  return value;
}

const yamlProblem = 'yaml: unmarshal errors:\n  ';

/** go-yaml reports all duplicates at once; each is a warning of its own. */
const warningsOf = (problem: string) =>
  problem.startsWith(yamlProblem) ? problem.slice(yamlProblem.length).split('\n  ') : [problem];

const isDecodeProblem = (error: unknown): error is Error =>
  error instanceof DecodeError ||
  error instanceof JsonSyntaxError ||
  error instanceof YamlError ||
  error instanceof RangeError; // of the stack: nested too deep

const messageOf = (error: Error) =>
  error instanceof JsonSyntaxError ? interpretError(error.message).message : plainMessage(error);

const plainMessage = (error: Error) => (error instanceof RangeError ? 'exceeded max depth' : error.message);

const cannotBeHandled = (actual: GroupVersionKind, expected: GroupVersionKind, why: string) =>
  badRequest(
    `${actual.kind} in version ${JSON.stringify(actual.version)} cannot be handled as a ${expected.kind}: ${why}`,
  );

/** A body of which not even the kind is known. */
export const unrecognized = ({ kind, bytes }: Pick<Body, 'kind' | 'bytes'>, why: string) =>
  badRequest(`the object provided is unrecognized (must be of type ${kind.kind}): ${why} (${summaryOf(bytes)})`);

function summaryOf(bytes: Uint8Array): string {
  const start = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 30));
  const more = bytes.byteLength > 30 ? ' ...' : '';
  if (start.length === 0) return '<empty>';
  return (start[0] === 0x7b ? start.toString('utf8') : start.toString('hex')) + more;
}

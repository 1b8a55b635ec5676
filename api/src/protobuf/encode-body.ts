/** Answers in protobuf: single objects, lists, errors, and the frames of a watch. */
// Like apimachinery pkg/runtime/serializer/protobuf, and its raw serializer with length-delimited frames for watches.
import { parseApiVersion } from '../decode/kind-of-body.ts';
import type { TypeSchema } from '../schema/schema.ts';
import { typeOfKind } from '../schema/schema-table.ts';
import { encodeMessage } from './encode-message.ts';
import { envelopeMagic } from './envelope.ts';
import { WireWriter } from './wire-writer.ts';

/** Anything with a kind of its own: objects, lists, Status, PartialObjectMetadata. */
export interface Encodable {
  apiVersion?: string;
  kind?: string;
}

function typeOf({ apiVersion = '', kind = '' }: Encodable): TypeSchema | undefined {
  const { group, version } = parseApiVersion(apiVersion);
  return typeOfKind(group, version, kind);
}

/** Whether this kind has a protobuf form; custom resources and Tables have none. */
export const hasProtobuf = (object: Encodable): boolean => object.kind !== 'Table' && typeOf(object) !== undefined;

/** The object in its envelope. Throws an Error when its kind has no protobuf form: ask hasProtobuf. */
export function encodeProtobuf(object: Encodable): Buffer {
  const type = typeOf(object);
  if (!type) throw new Error(`${object.apiVersion} ${object.kind} has no protobuf form`);
  const writer = new WireWriter();
  writer.text(4, '');
  writer.text(3, '');
  const beforeRaw = writer.length;
  encodeMessage(writer, object as Record<string, unknown>, type);
  writer.close(2, beforeRaw);
  const beforeMeta = writer.length;
  writer.text(2, object.kind ?? '');
  writer.text(1, object.apiVersion ?? '');
  writer.close(1, beforeMeta);
  writer.raw(envelopeMagic);
  return writer.finish();
}

/** One event of a watch: its length in four bytes, then WatchEvent with the object's envelope inside. */
export const encodeWatchFrame = (type: string, object: Encodable): Buffer =>
  frameWatchEvent(type, encodeProtobuf(object));

/** The same around an object that was encoded before. */
export function frameWatchEvent(type: string, object: Uint8Array): Buffer {
  const writer = new WireWriter(object.length + 64);
  writer.bytes(1, object);
  writer.close(2, 0);
  writer.text(1, type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(writer.length);
  writer.raw(length);
  return writer.finish();
}

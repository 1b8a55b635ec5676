/** Protobuf bodies: the envelope that names the kind, and the message inside it. */
// Like apimachinery pkg/runtime/serializer/protobuf and runtime.Unknown.
import type { ReadBody } from '../decode/read-body.ts';
import { DecodeError } from '../decode/go-decode.ts';
import { apiVersionOf, parseApiVersion, type GroupVersionKind } from '../decode/kind-of-body.ts';
import { normalize } from '../decode/normalize.ts';
import { decodeMessage } from './decode-message.ts';
import { envelopeMagic } from './envelope.ts';
import { WireReader } from './wire-reader.ts';

interface Envelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
}

/** Throws DecodeError. */
export function readProtobuf(bytes: Uint8Array): ReadBody {
  const { apiVersion, kind, raw } = readEnvelope(bytes);
  return {
    written: () => ({ ...parseApiVersion(apiVersion), kind }),
    decode(type, actual: GroupVersionKind) {
      const value = decodeMessage(raw, type);
      value['kind'] = actual.kind;
      value['apiVersion'] = apiVersionOf(actual);
      return { object: normalize(value, type, { odd: false, keys: 0 }), problems: [] };
    },
  };
}

function readEnvelope(bytes: Uint8Array): Envelope {
  if (bytes.length === 0) throw new DecodeError('empty data');
  if (!envelopeMagic.equals(bytes.subarray(0, envelopeMagic.length))) {
    throw new DecodeError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  if (bytes.length === envelopeMagic.length) throw new DecodeError('empty body');
  const reader = new WireReader(bytes.subarray(envelopeMagic.length));
  const envelope: Envelope = { apiVersion: '', kind: '', raw: new Uint8Array() };
  while (!reader.done) {
    const { number, wire } = reader.tag();
    if (number === 1) Object.assign(envelope, readTypeMeta(reader.bytes()));
    else if (number === 2) envelope.raw = reader.bytes();
    else reader.skip(wire);
  }
  return envelope;
}

function readTypeMeta(bytes: Uint8Array): { apiVersion: string; kind: string } {
  const reader = new WireReader(bytes);
  const found = { apiVersion: '', kind: '' };
  while (!reader.done) {
    const { number, wire } = reader.tag();
    if (number === 1) found.apiVersion = reader.text();
    else if (number === 2) found.kind = reader.text();
    else reader.skip(wire);
  }
  return found;
}

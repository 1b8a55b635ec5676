/** Protobuf bodies: the envelope that names the kind, and the message inside it. */
// Like apimachinery pkg/runtime/serializer/protobuf.
import type { ReadBody } from '../decode/decode-body.ts';
import { DecodeError } from '../decode/go-decode.ts';

const magic = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** Throws DecodeError. */
export function readProtobuf(bytes: Uint8Array): ReadBody {
  if (!magic.equals(bytes.subarray(0, 4))) {
    throw new DecodeError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  throw new DecodeError('protobuf bodies are not read yet');
}

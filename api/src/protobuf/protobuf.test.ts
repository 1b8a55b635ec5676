import { expect, test } from '@jest/globals';
import { normalize } from '../decode/normalize.ts';
import { decodeBody } from '../decode/decode-body.ts';
import { exampleOf } from '../schema/example-value.ts';
import { typeKeys, typeNamed } from '../schema/schema-table.ts';
import { decodeMessage } from './decode-message.ts';
import { encodeMessage } from './encode-message.ts';
import { encodeProtobuf, encodeWatchFrame, hasProtobuf } from './encode-body.ts';
import { WireWriter } from './wire-writer.ts';

/** A small generator of numbers, the same in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return Math.floor((state / 2 ** 31) * below);
  };
}

const withoutProtobuf = /meta\.v1\.Table/;

test('every type comes back from protobuf as it went', () => {
  for (const key of typeKeys().filter((name) => !withoutProtobuf.test(name))) {
    const type = typeNamed(key)!;
    for (let seed = 1; seed <= 3; seed++) {
      const tally = { odd: false, keys: 0 };
      const value = normalize(exampleOf(type, numbers(seed)), type, tally);
      expect({ key, odd: tally.odd }).toEqual({ key, odd: false });
      const writer = new WireWriter(16);
      encodeMessage(writer, value, type);
      const back = normalize(decodeMessage(writer.finish(), type), type, { odd: false, keys: 0 });
      expect({ key, back }).toEqual({ key, back: value });
    }
  }
});

test('a Status has the bytes that Go gives it', () => {
  const bytes = encodeProtobuf({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: 'm',
    reason: 'NotFound',
    details: { name: 'x', kind: 'pods' },
    code: 404,
  } as never);
  const raw = [
    '0a060a0012001a00', // metadata: three empty texts
    '12074661696c757265',
    '1a016d',
    '22084e6f74466f756e64',
    '2a0f0a01781200' + '1a04706f6473' + '2800' + '3200', // details: group, retryAfterSeconds and uid are written empty
    '309403',
  ].join('');
  const typeMeta = '0a0c0a0276311206537461747573';
  const length = (raw.length / 2).toString(16);
  expect(bytes.toString('hex')).toBe(`6b387300${typeMeta}12${length}${raw}1a002200`);
});

test('a body in protobuf is decoded as the same body in JSON is', () => {
  const kind = { group: '', version: 'v1', kind: 'ConfigMap' };
  const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', labels: { x: 'y' } }, data: { k: 'v' } };
  const decode = (bytes: Buffer, format: 'json' | 'protobuf') =>
    decodeBody({ bytes, format, kind, fieldValidation: 'Strict' }).object;
  expect(decode(encodeProtobuf(object), 'protobuf')).toEqual(decode(Buffer.from(JSON.stringify(object)), 'json'));
});

test('bytes that are cut short or no message at all are a 400', () => {
  const kind = { group: '', version: 'v1', kind: 'ConfigMap' };
  const whole = encodeProtobuf({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'abc' } } as never);
  const decode = (bytes: Uint8Array) => () => decodeBody({ bytes, format: 'protobuf', kind, fieldValidation: 'Warn' });
  expect(decode(whole)).not.toThrow();
  for (let length = 0; length < whole.length - 4; length++) {
    try {
      decode(whole.subarray(0, length))();
    } catch (error) {
      expect(error).toMatchObject({ code: 400 });
    }
  }
  expect(decode(Buffer.from('k8s-not-protobuf'))).toThrow(
    'expected prefix [107 56 115 0] (6b38732d6e6f742d70726f746f627566)',
  );
});

test('watch frames begin with their length', () => {
  const frame = encodeWatchFrame('ADDED', { kind: 'ConfigMap', apiVersion: 'v1' });
  expect(frame.readUInt32BE(0)).toBe(frame.length - 4);
  expect(frame.subarray(4, 11).toString('latin1')).toBe('\n\u0005ADDED');
});

test('custom resources and Tables have no protobuf form', () => {
  expect(hasProtobuf({ apiVersion: 'example.com/v1', kind: 'Widget' })).toBe(false);
  expect(hasProtobuf({ apiVersion: 'meta.k8s.io/v1', kind: 'Table' })).toBe(false);
  expect(hasProtobuf({ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadataList' })).toBe(true);
});

/** The bytes of the history's file: records that each carry their length and a checksum, so that a torn end is seen. Pure. */
import { crc32 } from 'node:zlib';

/** A row of values of one thing: `pod` has what goes through network and disk, `container` CPU and memory, `node` all six. */
export type SeriesKind = 'node' | 'pod' | 'container';

export const valuesOf: Readonly<Record<SeriesKind, number>> = { node: 6, pod: 4, container: 2 };

export interface Series {
  id: number;
  kind: SeriesKind;
  /** Of the pod; empty for a node. */
  namespace: string;
  /** Of the node or pod. */
  name: string;
  uid: string;
  labels?: Record<string, string>;
  /** Of a container series. */
  container?: string;
}

/** Which series stand in a tick, in order. Ticks name one by number, so that an unchanged set is written once. */
export interface Layout {
  number: number;
  ids: readonly number[];
}

export type Resolution = 'fine' | 'coarse';

export interface Tick {
  resolution: Resolution;
  /** Milliseconds since 1970. */
  time: number;
  layout: number;
  /** The values of the layout's series, one after the other. */
  values: Float32Array;
}

export type HistoryRecord =
  { type: 'series'; series: Series } | { type: 'layout'; layout: Layout } | { type: 'tick'; tick: Tick };

export const magic = Buffer.from('naru usage 1\n');
const head = 9; // length of the payload, checksum, type
const types = { series: 1, layout: 2, fine: 3, coarse: 4 } as const;
/** No record of ours is longer; a torn length would ask for any amount. */
const longest = 64 * 1024 * 1024;

export function encodeRecord(record: HistoryRecord): Buffer {
  switch (record.type) {
    case 'series':
      return framed(types.series, Buffer.from(JSON.stringify(record.series)));
    case 'layout':
      return framed(types.layout, bytesOf(Uint32Array.of(record.layout.number, ...record.layout.ids)));
    case 'tick': {
      const { resolution, time, layout, values } = record.tick;
      const payload = Buffer.allocUnsafe(12 + values.byteLength);
      payload.writeDoubleLE(time, 0);
      payload.writeUInt32LE(layout, 8);
      bytesOf(values).copy(payload, 12);
      return framed(types[resolution], payload);
    }
  }
}

function framed(type: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(head + payload.length);
  frame.writeUInt32LE(payload.length, 0);
  frame.writeUInt32LE(crc32(payload, type), 4);
  frame.writeUInt8(type, 8);
  payload.copy(frame, head);
  return frame;
}

/** `size`: bytes of the whole record. */
export interface Decoded {
  record: HistoryRecord;
  size: number;
}

/** 'short': the bytes end within the record; 'bad': they are none. */
export function decodeRecord(bytes: Buffer, at: number): Decoded | 'short' | 'bad' {
  if (bytes.length - at < head) return 'short';
  const length = bytes.readUInt32LE(at);
  const type = bytes.readUInt8(at + 8);
  if (length > longest || type < types.series || type > types.coarse) return 'bad';
  const size = head + length;
  if (bytes.length - at < size) return 'short';
  const payload = bytes.subarray(at + head, at + size);
  if (crc32(payload, type) !== bytes.readUInt32LE(at + 4)) return 'bad';
  return { record: recordOf(type, payload), size };
}

function recordOf(type: number, payload: Buffer): HistoryRecord {
  if (type === types.series) return { type: 'series', series: JSON.parse(payload.toString()) as Series };
  if (type === types.layout) {
    const [number = 0, ...ids] = new Uint32Array(aligned(payload, 0));
    return { type: 'layout', layout: { number, ids } };
  }
  const tick: Tick = {
    resolution: type === types.fine ? 'fine' : 'coarse',
    time: payload.readDoubleLE(0),
    layout: payload.readUInt32LE(8),
    values: new Float32Array(aligned(payload, 12)),
  };
  return { type: 'tick', tick };
}

const bytesOf = (values: Float32Array | Uint32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** A copy that begins where typed arrays may. */
const aligned = (bytes: Buffer, start: number): ArrayBuffer => new Uint8Array(bytes.subarray(start)).buffer;

/** Objects as they stand in the stream's frames: whole, as rows of a Table, or as their metadata. */
import { partialOf, tableOf } from '../../http/views.ts';
import type { Kind } from '../../kinds/define-kind.ts';
import { presented } from '../../verbs/presented.ts';
import type { StoredObject } from '../../watch/stored-object.ts';
import type { Change } from './pending-changes.ts';
import type { As } from './stream-message.ts';

export type Render = (stored: StoredObject) => Buffer;

interface Table {
  readonly columnDefinitions: readonly unknown[];
  readonly rows: readonly unknown[];
}

const options = { version: 'v1', includeObject: 'Metadata' } as const;
const comma = Buffer.from(',');

/** `now` in milliseconds since 1970, for the ages in Tables. */
export function renderer(kind: Kind, as: As, now: () => number): Render {
  switch (as) {
    case 'table':
      return (stored) =>
        jsonOf((tableOf(kind, [presented(stored, kind)], {}, { ...options, now: now() }) as Table).rows[0]);
    case 'metadata':
      return (stored) => jsonOf(partialOf(presented(stored, kind), 'v1'));
    case 'object':
      return (stored) => (kind.conversion ? jsonOf(presented(stored, kind)) : bytesOf(stored));
  }
}

export const columnsOf = (kind: Kind): readonly unknown[] =>
  (tableOf(kind, [], {}, { ...options, now: 0 }) as Table).columnDefinitions;

const jsonOf = (value: unknown) => Buffer.from(JSON.stringify(value));

function bytesOf(stored: StoredObject): Buffer {
  const bytes = Buffer.allocUnsafe(stored.size);
  stored.writeTo(bytes, 0);
  return bytes;
}

/** The end of a CHANGES frame, from its type on; the same for all who see the collection. */
export function changesFrame(changes: readonly Change[], revision: number, render: Render): Buffer {
  const items = changes.map(({ type, stored }) =>
    Buffer.concat([Buffer.from(`{"type":"${type}","object":`), render(stored), Buffer.from('}')]),
  );
  return Buffer.concat([
    Buffer.from('"type":"CHANGES","changes":['),
    joined(items),
    Buffer.from(`],"resourceVersion":"${revision}"}`),
  ]);
}

/** The end of a SNAPSHOT frame. `columns` only for Tables. */
export const snapshotFrame = (
  items: readonly Buffer[],
  columns: readonly unknown[] | undefined,
  revision: number,
): Buffer =>
  Buffer.concat([
    Buffer.from('"type":"SNAPSHOT","items":['),
    joined(items),
    Buffer.from(`]${columns ? `,"columns":${JSON.stringify(columns)}` : ''},"resourceVersion":"${revision}"}`),
  ]);

const joined = (items: readonly Buffer[]): Buffer =>
  Buffer.concat(items.flatMap((item, index) => (index === 0 ? [item] : [comma, item])));

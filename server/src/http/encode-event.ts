/** Watch events as lines of JSON; a line is made once and shared by all who want the same. */
import type { AnyObject } from '@naru/api/object';
import type { Kind } from '../kinds/define-kind.ts';
import { apiVersionOf } from '../verbs/object-key.ts';
import { presented } from '../verbs/presented.ts';
import type { CacheEvent } from '../watch/cache-event.ts';
import type { StoredObject } from '../watch/stored-object.ts';
import type { View } from './negotiate.ts';
import { partialOf, tableOf, type IncludeObject } from './views.ts';

export type EncodeEvent = (event: CacheEvent) => Buffer;

const initialEnd = { 'k8s.io/initial-events-end': 'true' };

export function eventEncoder(
  kind: Kind,
  view: View | undefined,
  includeObject: IncludeObject,
  now: () => number,
): EncodeEvent {
  if (view?.kind === 'Table') return tableEncoder(kind, view.version, includeObject, now);
  const identity = view ? `${view.kind}/${view.version}` : kind.conversion ? `${kind.group}/${kind.version}` : 'json';
  return (event) => {
    const known = event.encoded.get(identity);
    if (known) return known;
    const line = encodeLine(event, kind, view);
    event.encoded.set(identity, line);
    return line;
  };
}

function encodeLine({ type, stored }: CacheEvent, kind: Kind, view: View | undefined): Buffer {
  if (!view && !kind.conversion) return spliced(type, stored);
  const object = presented(stored, kind);
  return lineOf(type, view ? partialOf(object, view.version) : object);
}

/** Columns are named in the first row only, so these lines belong to one watcher. */
function tableEncoder(
  kind: Kind,
  version: View['version'],
  includeObject: IncludeObject,
  now: () => number,
): EncodeEvent {
  let withoutColumns = false;
  return ({ type, stored }) => {
    const object = presented(stored, kind);
    const { resourceVersion = '' } = object.metadata;
    const options = { version, includeObject, now: now(), withoutColumns };
    withoutColumns = true;
    return lineOf(type, tableOf(kind, [object], { resourceVersion }, options));
  };
}

/** What tells a client how far it has seen. */
export function bookmarkEncoder(
  kind: Kind,
  view: View | undefined,
  revision: () => number,
): (initialEnd: boolean) => Buffer {
  return (isInitialEnd) => {
    const object: AnyObject = {
      kind: kind.kind,
      apiVersion: apiVersionOf(kind),
      metadata: { resourceVersion: String(revision()), ...(isInitialEnd && { annotations: initialEnd }) },
    };
    return lineOf('BOOKMARK', view ? bookmarkView(object, kind, view) : object);
  };
}

function bookmarkView(object: AnyObject, kind: Kind, view: View): unknown {
  if (view.kind !== 'Table') return partialOf(object, view.version);
  const { resourceVersion = '' } = object.metadata;
  return tableOf(
    kind,
    [object],
    { resourceVersion },
    { version: view.version, includeObject: 'Metadata', now: 0, withoutColumns: true },
  );
}

const lineOf = (type: string, object: unknown): Buffer => Buffer.from(`${JSON.stringify({ type, object })}\n`);

export const errorLine = (status: unknown): Buffer => lineOf('ERROR', status);

function spliced(type: string, stored: StoredObject): Buffer {
  const head = `{"type":"${type}","object":`;
  const line = Buffer.allocUnsafe(head.length + stored.size + 2);
  line.write(head, 'latin1');
  const end = stored.writeTo(line, head.length);
  line.write('}\n', end, 'latin1');
  return line;
}

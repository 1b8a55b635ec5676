/** What the page says over the stream. */

export type As = 'object' | 'table' | 'metadata';

export interface OpenMessage {
  readonly op: 'open';
  readonly id: number;
  /** Of a collection: /apis/apps/v1/deployments, /api/v1/namespaces/shop/pods. */
  readonly path: string;
  readonly as: As;
  readonly labelSelector: string;
  readonly fieldSelector: string;
  /** Go on after this; empty: begin with a snapshot. */
  readonly resourceVersion: string;
}

export type ClientMessage = OpenMessage | { readonly op: 'close'; readonly id: number } | { readonly op: 'ping' };

const longestText = 4096;

/** Undefined for what is none. */
export function parseMessage(text: string): ClientMessage | undefined {
  const message = fieldsOf(text);
  if (!message) return undefined;
  if (message.get('op') === 'ping') return { op: 'ping' };
  const id = message.get('id');
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) return undefined;
  if (message.get('op') === 'close') return { op: 'close', id };
  if (message.get('op') !== 'open') return undefined;
  const as = message.get('as') ?? 'object';
  if (as !== 'object' && as !== 'table' && as !== 'metadata') return undefined;
  const [path, labelSelector, fieldSelector, resourceVersion] = [
    'path',
    'labelSelector',
    'fieldSelector',
    'resourceVersion',
  ].map((name) => textOf(message.get(name)));
  if (!path || labelSelector === undefined || fieldSelector === undefined || resourceVersion === undefined)
    return undefined;
  return { op: 'open', id, path, as, labelSelector, fieldSelector, resourceVersion };
}

function fieldsOf(text: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const value = JSON.parse(text) as unknown;
    return value !== null && typeof value === 'object' ? new Map(Object.entries(value)) : undefined;
  } catch {
    return undefined;
  }
}

/** Absent means empty. */
function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' && value.length <= longestText ? value : undefined;
}

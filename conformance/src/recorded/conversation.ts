/** The form of a recorded conversation with a real Kubernetes API server. */

export interface RecordedAnswer {
  status: number;
  type?: string;
  warnings?: string[];
  body?: unknown;
}

/** One step: a request (`do`), a wait (`until`), a watch opened or its events collected, or time passing. */
export interface Step {
  title?: string;
  /** "METHOD /path" */
  do?: string;
  body?: unknown;
  /** Body as text, for what JSON cannot say. */
  raw?: string;
  type?: string;
  accept?: string;
  headers?: Record<string, string>;
  until?: string;
  /** JavaScript expression over `o`, the answered object. */
  where?: string;
  seconds?: number;
  watch?: string;
  path?: string;
  collect?: string;
  count?: number;
  sleep?: number;
  /** Variable → dotted path in the answer. */
  save?: Record<string, string>;
  ignore?: string[];
  only?: string[];
  sort?: string;
  compare?: 'status' | 'none';
  answer?: RecordedAnswer;
}

export interface Conversation {
  title: string;
  namespaces?: 0 | 1 | 2;
  /** False: do not wait for the namespace's default ServiceAccount first. */
  serviceAccount?: boolean;
  steps: Step[];
  cleanup?: Step[];
}

/** What an object holds at `a.b.0.c`. */
export const pick = (object: unknown, dotted: string): unknown =>
  dotted.split('.').reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], object);

/** Removes what stands at a dotted path, `*` standing for every key or index. */
export function drop(object: unknown, dotted: string): void {
  if (object === null || typeof object !== 'object') return;
  const [head = '', ...rest] = dotted.split('.');
  const record = object as Record<string, unknown>;
  for (const key of head === '*' ? Object.keys(record) : [head]) {
    if (!Object.hasOwn(record, key)) continue;
    if (rest.length) drop(record[key], rest.join('.'));
    else delete record[key];
  }
}

/** Where two values differ, in words; empty when they do not. */
export function differences(wanted: unknown, found: unknown, at = ''): string[] {
  if (wanted === found) return [];
  if (Array.isArray(wanted) && Array.isArray(found)) {
    const length =
      wanted.length === found.length ? [] : [`${at}: ${wanted.length} entries expected, ${found.length} found`];
    return [
      ...length,
      ...Array.from({ length: Math.max(wanted.length, found.length) }, (_, i) =>
        differences(wanted[i], found[i], `${at}[${i}]`),
      ).flat(),
    ];
  }
  if (isObject(wanted) && isObject(found)) {
    const keys = new Set([...Object.keys(wanted), ...Object.keys(found)]);
    return [...keys].flatMap((key) => differences(own(wanted, key), own(found, key), `${at}.${key}`));
  }
  return [`${at}: expected ${short(wanted)}, found ${short(found)}`];
}

const own = (object: object, key: string): unknown =>
  Object.hasOwn(object, key) ? (object as Record<string, unknown>)[key] : undefined;
const isObject = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 160 ? `${text.slice(0, 157)}...` : text;
}

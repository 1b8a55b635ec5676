/** The columns of a kind's Table in the order they are shown, Name and Age among them. */
import type { AnyObject } from '@naru/api/object';
import type { Column, Kind } from './define-kind.ts';

export const nameColumn: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  value: ({ metadata }) => metadata.name ?? '',
};

export const ageColumn: Column = {
  name: 'Age',
  type: 'string',
  description:
    'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata',
  value: ({ metadata }, now) => sinceOrUnknown(metadata.creationTimestamp, now),
};

/** For kinds that nobody wrote columns for: the time itself rather than an age. */
export const createdAtColumn: Column = {
  name: 'Created At',
  type: 'date',
  description: ageColumn.description ?? '',
  value: ({ metadata }) => metadata.creationTimestamp ?? null,
};

/** Name, what the kind shows, Age, and then what only `-o wide` shows; a kind that knows better gives all its columns. */
export function tableColumns({ columns = [], columnsComplete = false }: Kind): readonly Column[] {
  if (columnsComplete) return columns;
  const isWide = ({ priority = 0 }: Column) => priority > 0;
  return [nameColumn, ...columns.filter((column) => !isWide(column)), ageColumn, ...columns.filter(isWide)];
}

/** How long ago `time` was, as kubectl prints ages; `<unknown>` when there is no time. */
export function sinceOrUnknown(time: string | undefined, now: number): string {
  return time ? humanDuration(now - Date.parse(time)) : '<unknown>';
}

// Like apimachinery pkg/util/duration HumanDuration: two units where the larger one is small.
/** `milliseconds` in words such as 45s, 5m10s, 3d4h. */
export function humanDuration(milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000);
  if (seconds < -1) return '<invalid>';
  if (seconds < 0) return '0s';
  if (seconds < 120) return `${seconds}s`;
  const minutes = Math.trunc(seconds / 60);
  if (minutes < 10) return withRest(minutes, 'm', seconds % 60, 's');
  if (minutes < 180) return `${minutes}m`;
  const hours = Math.trunc(minutes / 60);
  if (hours < 8) return withRest(hours, 'h', minutes % 60, 'm');
  if (hours < 48) return `${hours}h`;
  const days = Math.trunc(hours / 24);
  if (hours < 192) return withRest(days, 'd', hours % 24, 'h');
  if (hours < 24 * 365 * 2) return `${days}d`;
  const years = Math.trunc(hours / 24 / 365);
  return hours < 24 * 365 * 8 ? withRest(years, 'y', days % 365, 'd') : `${years}y`;
}

const withRest = (value: number, unit: string, rest: number, restUnit: string) =>
  rest ? `${value}${unit}${rest}${restUnit}` : `${value}${unit}`;

/** Kinds without columns of their own write an empty Table's rows as null. */
export const hasOwnColumns = (columns: readonly Column[]): boolean => columns.at(-1)?.name !== createdAtColumn.name;

/** An object's row for `columns`. */
export const tableCells = (columns: readonly Column[], object: AnyObject, now: number): unknown[] =>
  columns.map((column) => column.value(object, now));

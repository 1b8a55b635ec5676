/** The entries of metadata.managedFields while they are worked on, and back. */
// Like apimachinery managedfields/internal/managedfields.go.
import { equalJson } from '../json-object.ts';
import type { ManagedFieldsEntry } from '../object.ts';
import { isEmptySet, parseFieldSet, sortFieldSet, type FieldSet } from './field-set.ts';

export interface FieldManager {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  /** Of the fields: their names are those of this version. */
  readonly apiVersion: string;
  readonly subresource: string;
  readonly fields: FieldSet;
  /** RFC 3339 in seconds. Absent where upstream has none: the first apply of what already stood so. */
  readonly time?: string;
  /** What this was read from, as long as it still says the same. */
  readonly entry?: ManagedFieldsEntry;
}

/** The same manager with other fields. */
export function withFields(manager: FieldManager, fields: FieldSet): FieldManager {
  if (fields === manager.fields) return manager;
  const { entry: _, ...rest } = manager;
  return { ...rest, fields };
}

/** By identity: see managerId. */
export type FieldManagers = ReadonlyMap<string, FieldManager>;

export const noManagers: FieldManagers = new Map();

/** Who the entry belongs to. An applier is the same in every version; an updater is not. */
export function managerId({
  manager,
  operation,
  apiVersion,
  subresource,
}: Pick<FieldManager, 'manager' | 'operation' | 'apiVersion' | 'subresource'>): string {
  return JSON.stringify({
    ...(manager && { manager }),
    operation,
    ...(operation === 'Update' && { apiVersion }),
    ...(subresource && { subresource }),
  });
}

const isOperation = (value: unknown): value is 'Apply' | 'Update' => value === 'Apply' || value === 'Update';

/** Entries this server wrote are canonical, those that come with a request need not be. */
export type FieldsSource = 'stored' | 'given';

/** Throws Error with upstream's message when an entry is not valid. */
export function decodeManagers(
  entries: readonly ManagedFieldsEntry[] | undefined,
  source: FieldsSource,
): FieldManagers {
  const managers = new Map<string, FieldManager>();
  for (const [index, entry] of (entries ?? []).entries()) {
    const { manager = '', operation, apiVersion = '', fieldsType, fieldsV1 = {}, subresource = '', time } = entry;
    if (!isOperation(operation)) throw new Error('operation must be `Apply` or `Update`');
    if (apiVersion === '') throw new Error('apiVersion must not be empty');
    if (!fieldsType) throw new Error(`missing fieldsType in managed fields entry ${index}`);
    if (fieldsType !== 'FieldsV1')
      throw new Error(`invalid fieldsType "${String(fieldsType)}" in managed fields entry ${index}`);
    const fields = source === 'stored' ? (fieldsV1 as FieldSet) : parseFieldSet(fieldsV1);
    const known = source === 'stored' ? { entry } : {};
    const decoded = { manager, operation, apiVersion, subresource, fields, ...(time && { time }), ...known };
    managers.set(managerId(decoded), decoded);
  }
  return managers;
}

export function sameEntries(
  a: readonly ManagedFieldsEntry[] | undefined,
  b: readonly ManagedFieldsEntry[] | undefined,
): boolean {
  return a === b || equalJson(a, b);
}

const secondsOf = (time: string | undefined): number => (time ? Math.floor(Date.parse(time) / 1000) || 0 : 0);
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Appliers first, then the longest untouched. */
function compareManagers(a: FieldManager, b: FieldManager): number {
  return (
    byText(a.operation, b.operation) ||
    secondsOf(a.time) - secondsOf(b.time) ||
    byText(a.manager, b.manager) ||
    byText(a.apiVersion, b.apiVersion) ||
    byText(a.subresource, b.subresource)
  );
}

/** Undefined when nobody manages anything. */
export function encodeManagers(managers: FieldManagers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()].sort(compareManagers).map((each) => each.entry ?? encodeManager(each));
}

const encodeManager = (each: FieldManager): ManagedFieldsEntry => ({
  ...(each.manager && { manager: each.manager }),
  operation: each.operation,
  apiVersion: each.apiVersion,
  ...(each.time && { time: each.time }),
  fieldsType: 'FieldsV1',
  fieldsV1: sortFieldSet(each.fields) as Record<string, unknown>,
  ...(each.subresource && { subresource: each.subresource }),
});

/** Without those that manage nothing any more. */
export const dropEmpty = (managers: Iterable<[string, FieldManager]>): Map<string, FieldManager> =>
  new Map([...managers].filter(([, { fields }]) => !isEmptySet(fields)));

/** The longest untouched first; upstream settles ties by identity. */
export const oldestFirst = ([idA, a]: [string, FieldManager], [idB, b]: [string, FieldManager]): number =>
  secondsOf(a.time) - secondsOf(b.time) || byText(idA, idB);

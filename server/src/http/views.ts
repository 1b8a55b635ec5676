/** Objects as Tables or as their metadata alone. */
// Like apiserver pkg/endpoints/handlers/response.go.
import type { AnyObject, ListMeta } from '@naru/api/object';
import { StatusError, invalid } from '@naru/api/status';
import type { Column, Kind } from '../kinds/define-kind.ts';
import { hasOwnColumns, tableCells, tableColumns } from '../kinds/table-columns.ts';
import type { View } from './negotiate.ts';

/** What a row of a Table holds of its object. */
export type IncludeObject = 'None' | 'Metadata' | 'Object';

/** Throws 400 for anything else. */
export function parseIncludeObject(text: string | null): IncludeObject {
  if (text === null || text === '') return 'Metadata';
  if (text === 'None' || text === 'Metadata' || text === 'Object') return text;
  const message = `Invalid value: ${JSON.stringify(text)}: must be 'Metadata', 'Object', 'None', or empty`;
  throw invalid({ group: 'meta.k8s.io', kind: 'TableOptions' }, '', [
    { field: 'includeObject', reason: 'FieldValueInvalid', message },
  ]);
}

export interface TableOptions {
  readonly version: View['version'];
  readonly includeObject: IncludeObject;
  readonly now: number;
  /** A watch names its columns only once. */
  readonly withoutColumns?: boolean;
}

export function tableOf(kind: Kind, objects: readonly AnyObject[], metadata: ListMeta, options: TableOptions): object {
  const { version } = options;
  const columns = tableColumns(kind);
  const columnDefinitions = columns
    .filter(({ isUntitled }) => !isUntitled)
    .map(({ name, type = 'string', format = '', description = '', priority = 0 }) => ({
      name,
      type,
      format,
      description,
      priority,
    }));
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata,
    columnDefinitions: options.withoutColumns ? null : columnDefinitions,
    rows:
      objects.length || hasOwnColumns(columns)
        ? inOrder(objects, kind).map((object) => rowOf(object, kind, columns, options))
        : null,
  };
}

const inOrder = (objects: readonly AnyObject[], { compareRows }: Kind): readonly AnyObject[] =>
  compareRows ? [...objects].sort(compareRows) : objects;

function rowOf(
  object: AnyObject,
  kind: Kind,
  columns: readonly Column[],
  { version, includeObject, now }: TableOptions,
): object {
  const conditions = kind.rowConditions?.(object) ?? [];
  return {
    cells: tableCells(columns, object, now),
    ...(conditions.length && { conditions }),
    object: rowObject(object, version, includeObject),
  };
}

function rowObject(object: AnyObject, version: View['version'], includeObject: IncludeObject): object | null {
  if (includeObject === 'None') return null;
  return includeObject === 'Object' ? object : partialOf(object, version);
}

export const partialOf = ({ metadata }: AnyObject, version: View['version']): object => ({
  kind: 'PartialObjectMetadata',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
});

export const partialListOf = (objects: readonly AnyObject[], metadata: ListMeta, version: View['version']): object => ({
  kind: 'PartialObjectMetadataList',
  apiVersion: `meta.k8s.io/${version}`,
  metadata,
  items: objects.map((object) => partialOf(object, version)),
});

const notAcceptableView = (message: string) => new StatusError({ code: 406, reason: 'NotAcceptable', message });

export function assertViewOfObject({ kind: view }: View, kind: Kind): void {
  if (view !== 'PartialObjectMetadataList') return;
  throw notAcceptableView(
    `you requested PartialObjectMetadataList, but the requested object is not a list (*${goPackage(kind)}.${kind.kind})`,
  );
}

export function assertViewOfList({ kind: view }: View, kind: Kind): void {
  if (view !== 'PartialObjectMetadata') return;
  throw notAcceptableView(
    `you requested PartialObjectMetadata, but the requested object is a list (*${goPackage(kind)}.${kind.listKind})`,
  );
}

/** The name of upstream's package of internal types, which these texts show. */
const goPackage = ({ group }: Kind): string => (group === '' ? 'core' : group.split('.')[0]!);

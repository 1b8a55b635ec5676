/** The 409 of an apply that would take fields from others. */
// Like apimachinery managedfields/internal/conflict.go.
import { goQuote } from '../go-values.ts';
import { StatusError } from '../status.ts';
import { pathsOf, printPath, type FieldSet } from './field-set.ts';

/** Fields in conflict, by the id of the manager that owns them. */
export type Conflicts = ReadonlyMap<string, FieldSet>;

function printManager(id: string): string {
  const { manager = '', operation, apiVersion, subresource } = JSON.parse(id) as Record<string, string>;
  const name = subresource ? `${goQuote(manager)} with subresource ${goQuote(subresource)}` : goQuote(manager);
  return operation === 'Update' ? `${name} using ${apiVersion}` : name;
}

/** Causes come by manager, then by path; upstream leaves the order of managers to chance. */
export function applyConflict(conflicts: Conflicts): StatusError {
  const found = [...conflicts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([id, fields]) => ({ manager: printManager(id), paths: pathsOf(fields).map((path) => printPath(path)) }));
  const causes = found.flatMap(({ manager, paths }) =>
    paths.map((field) => ({ reason: 'FieldManagerConflict', message: `conflict with ${manager}`, field })),
  );
  const [first] = causes;
  const message =
    causes.length === 1 && first
      ? `Apply failed with 1 conflict: ${first.message}: ${first.field}`
      : `Apply failed with ${causes.length} conflicts: ${found
          .flatMap(({ manager, paths }) => [`conflicts with ${manager}:`, ...paths.map((path) => `- ${path}`)])
          .join('\n')}`;
  return new StatusError({ code: 409, reason: 'Conflict', message, details: { causes } });
}

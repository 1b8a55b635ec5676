/** Who owns what after an object changed. */
// Like structured-merge-diff merge/update.go.
import type { JsonObject } from '../json-object.ts';
import { compareFields, type Comparison } from './compare-fields.ts';
import { dropEmpty, withFields, type FieldManager, type FieldManagers } from './field-managers.ts';
import { difference, intersection, isEmptySet, recursiveDifference, union, type FieldSet } from './field-set.ts';
import { apiVersionOf, type ManagedKind, type ManagedVersion, type ResetFields } from './managed-kind.ts';
import { reconcileFields } from './reconcile-fields.ts';

const same = (object: JsonObject): JsonObject => object;

/** The version an entry speaks of; undefined when it is served no more. */
export function versionOf(kind: ManagedKind, apiVersion: string): Required<ManagedVersion> | undefined {
  if (apiVersion === apiVersionOf(kind)) return { type: kind.type, convert: same, convertBack: same };
  const other = kind.otherVersion?.(apiVersion);
  return other && { convert: same, convertBack: same, ...other };
}

export function withoutReset(fields: FieldSet, reset: ResetFields | undefined): FieldSet {
  if (reset === undefined) return fields;
  return typeof reset === 'function' ? reset(fields) : recursiveDifference(fields, reset);
}

const withoutResetIn = ({ added, modified, removed }: Comparison, reset: ResetFields | undefined): Comparison => ({
  added: withoutReset(added, reset),
  modified: withoutReset(modified, reset),
  removed: withoutReset(removed, reset),
});

/** Drops entries of versions no longer served, and brings the others in line with their types. Throws Error when a field is not declared. */
export function reconcileManagers(managers: FieldManagers, kind: ManagedKind): FieldManagers {
  const result = new Map<string, FieldManager>();
  let changed = false;
  for (const [id, manager] of managers) {
    const version = versionOf(kind, manager.apiVersion);
    const fields = version && reconcileFields(manager.fields, version.type);
    if (fields) result.set(id, withFields(manager, fields));
    changed ||= fields !== manager.fields;
  }
  return changed ? result : managers;
}

export interface OwnershipChange {
  readonly managers: FieldManagers;
  /** In the version of the request, with the fields that are reset. */
  readonly comparison: Comparison;
  /** What others owned and now differs, by manager. */
  readonly conflicts: ReadonlyMap<string, FieldSet>;
}

/** Takes from all managers but `self` what was changed or removed between `before` and `after`. */
export function changeOwnership(given: {
  before: JsonObject;
  after: JsonObject;
  managers: FieldManagers;
  self: string | undefined;
  kind: ManagedKind;
  resetFields?: ResetFields | undefined;
}): OwnershipChange {
  const { before, after, managers, self, kind, resetFields } = given;
  const comparison = compareFields(kind.type, before, after);
  const comparisons = new Map([[apiVersionOf(kind), withoutResetIn(comparison, resetFields)]]);
  const conflicts = new Map<string, FieldSet>();
  const result = new Map(managers);
  for (const [id, manager] of managers) {
    if (id === self) continue;
    let changes = comparisons.get(manager.apiVersion);
    if (!changes) {
      const version = versionOf(kind, manager.apiVersion);
      if (!version) {
        result.delete(id);
        continue;
      }
      changes = withoutResetIn(
        compareFields(version.type, version.convert(before), version.convert(after)),
        resetFields,
      );
      comparisons.set(manager.apiVersion, changes);
    }
    const conflict = intersection(manager.fields, union(changes.modified, changes.added));
    if (!isEmptySet(conflict)) conflicts.set(id, conflict);
    const fields = difference(difference(manager.fields, conflict), changes.removed);
    result.set(id, withFields(manager, fields));
  }
  return { managers: dropEmpty(result), comparison, conflicts };
}

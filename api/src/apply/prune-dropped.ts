/** Removes what an applier applied last time, does not apply any more, and nobody else owns. */
// Like structured-merge-diff merge/update.go prune.
import type { JsonObject } from '../json-object.ts';
import type { FieldManager, FieldManagers } from './field-managers.ts';
import { difference, intersection, isEmptySet, noFields, union, type FieldSet } from './field-set.ts';
import { apiVersionOf, type ManagedKind, type ManagedVersion } from './managed-kind.ts';
import { ownedFields, withNamedFields } from './own-fields.ts';
import { removeFields } from './remove-fields.ts';
import { versionOf } from './update-ownership.ts';

type Version = Required<ManagedVersion>;

const remove = ({ type }: Version, object: JsonObject, fields: FieldSet): JsonObject =>
  (removeFields(type, object, fields) ?? {}) as JsonObject;

const named = ({ type }: Version, object: JsonObject): FieldSet => withNamedFields(ownedFields(type, object), type);

/** What anybody owns, by version. */
function ownedByVersion(managers: FieldManagers): Map<string, FieldSet> {
  const result = new Map<string, FieldSet>();
  for (const { apiVersion, fields } of managers.values())
    result.set(apiVersion, union(result.get(apiVersion) ?? noFields, fields));
  return result;
}

/** `merged` less what is not in `pruned`, except for what `managed` names. */
const addBackOwned = (version: Version, merged: JsonObject, pruned: JsonObject, managed: FieldSet): JsonObject =>
  remove(
    version,
    merged,
    difference(named(version, merged), union(named(version, pruned), withNamedFields(managed, version.type))),
  );

/** Only what the applier itself owned may go. */
function addBackDangling(version: Version, merged: JsonObject, pruned: JsonObject, last: FieldSet): JsonObject {
  const gone = difference(named(version, merged), named(version, pruned));
  return remove(version, merged, intersection(gone, withNamedFields(last, version.type)));
}

/** `merged` and the result are in the version of the request; `managers` already hold the new configuration of manager `id`. */
export function pruneDropped(
  merged: JsonObject,
  last: FieldManager | undefined,
  { managers, id, kind }: { managers: FieldManagers; id: string; kind: ManagedKind },
): JsonObject {
  const self = managers.get(id);
  // Most applies drop nothing, which shows without a look at the object, if the version is still the same.
  const keptFields = self && self.apiVersion === last?.apiVersion ? self.fields : noFields;
  const version = last && versionOf(kind, last.apiVersion);
  if (!version || isEmptySet(difference(last.fields, keptFields))) return merged;
  const before = version.convert(merged);
  const owned = ownedByVersion(managers);
  let pruned = remove(version, before, withNamedFields(last.fields, version.type));
  pruned = addBackOwned(version, before, pruned, owned.get(last.apiVersion) ?? noFields);
  for (const [apiVersion, managed] of owned) {
    const other = apiVersion === last.apiVersion ? undefined : versionOf(kind, apiVersion);
    if (!other) continue;
    // Through the version of the request, which every other converts to and from.
    const here = version.convertBack(pruned);
    pruned = version.convert(
      other.convertBack(addBackOwned(other, other.convert(merged), other.convert(here), managed)),
    );
  }
  pruned = addBackDangling(version, before, pruned, last.fields);
  return last.apiVersion === apiVersionOf(kind) ? pruned : version.convertBack(pruned);
}

/** Keeps metadata.managedFields true when an object is created, updated or patched other than by apply. */
// Like apimachinery managedfields/internal: fieldmanager.go, skipnonapplied.go, capmanagers.go, buildmanagerinfo.go,
// managedfieldsupdater.go, stripmeta.go and structuredmerge.go, which upstream stacks.
import type { JsonObject } from '../json-object.ts';
import type { ManagedFieldsEntry } from '../object.ts';
import { capManagers } from './cap-managers.ts';
import {
  decodeManagers,
  dropEmpty,
  encodeManagers,
  managerId,
  noManagers,
  sameEntries,
  type FieldManager,
  type FieldManagers,
} from './field-managers.ts';
import { isEmptySet, union } from './field-set.ts';
import { managedFieldsOf, uidOf, withoutManagedFields } from './managed-object.ts';
import { apiVersionOf, type ManagedKind, type ResetFields } from './managed-kind.ts';
import { stripMeta } from './strip-meta.ts';
import { changeOwnership, reconcileManagers, withoutReset } from './update-ownership.ts';

export interface TrackedUpdate {
  /** The stored object in the version of the request; undefined when the write creates it. */
  readonly before: JsonObject | undefined;
  /** What the request makes of it, decoded and defaulted, with metadata.managedFields as the client left them. */
  readonly after: JsonObject;
  /** Of the query, or of the User-Agent up to '/'; empty becomes `unknown`. */
  readonly manager: string;
  readonly kind: ManagedKind;
  /** Empty for the object itself. */
  readonly subresource?: string;
  readonly resetFields?: ResetFields | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** RFC 3339 in seconds. */
export const timestamp = (now: number): string => `${new Date(now).toISOString().slice(0, -5)}Z`;

/** `[]` or `[{}]`: the client wants the tracking gone. */
const isReset = (entries: readonly ManagedFieldsEntry[] | undefined): boolean =>
  entries !== undefined &&
  (entries.length === 0 || (entries.length === 1 && Object.keys(entries[0] ?? {}).length === 0));

/** Those of the request if they are of use, else those stored; so that a client that does not know them cannot lose them. */
function startingManagers({ before, after, subresource }: TrackedUpdate): FieldManagers {
  const stored = managedFieldsOf(before);
  const given = managedFieldsOf(after);
  if (!subresource && isReset(given)) return noManagers;
  if (!subresource && given !== undefined && !sameEntries(given, stored)) {
    const managers = attempt(() => decodeManagers(given, 'given'));
    if (managers?.size) return managers;
  }
  return attempt(() => decodeManagers(stored, 'stored')) ?? noManagers;
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}

export interface Change extends Pick<TrackedUpdate, 'manager' | 'kind' | 'subresource' | 'resetFields' | 'now'> {
  readonly before: JsonObject;
  readonly after: JsonObject;
}

/** Gives the manager what it changed and added, and takes from the others what was changed or removed. */
export function ownChanges(change: Change, managers: FieldManagers): FieldManagers {
  const { manager, kind, subresource = '', resetFields, now } = change;
  const { comparison, managers: others } = changeOwnership({
    ...change,
    managers: reconcileManagers(managers, kind),
    self: undefined,
  });
  const taken = stripMeta(withoutReset(union(comparison.modified, comparison.added), resetFields));
  if (isEmptySet(taken)) return others;
  const identity: Omit<FieldManager, 'fields' | 'time'> = {
    manager: manager || 'unknown',
    operation: 'Update',
    apiVersion: apiVersionOf(kind),
    subresource,
  };
  const id = managerId(identity);
  const owned = others.get(id)?.fields;
  const self = { ...identity, fields: owned ? union(taken, owned) : taken, time: timestamp(now) };
  return new Map([...others, [id, self]]);
}

/**
 * The managedFields that `after` is to be stored with; undefined: none. Nothing that is given is changed, and nothing is
 * thrown: what cannot be tracked is, as upstream does it, stored without managedFields. An object whose tracking was
 * reset stays without until it is applied to.
 */
export function trackUpdate(update: TrackedUpdate): ManagedFieldsEntry[] | undefined {
  const managers = startingManagers(update);
  // Without entries an object was never tracked, or its tracking was reset: only creation starts it.
  if (managers.size === 0 && uidOf(update.before) !== undefined) return undefined;
  const { before, after, kind } = update;
  const changed = attempt(() =>
    capManagers(
      ownChanges(
        {
          ...update,
          before: before ? withoutManagedFields(before) : kind.empty,
          after: withoutManagedFields(after),
        },
        managers,
      ),
    ),
  );
  return changed && encodeManagers(dropEmpty(changed));
}

/** Server-side apply: lays a configuration over an object, takes away what its applier dropped, and keeps count of who owns what. */
// Like apimachinery managedfields/internal: fieldmanager.go, versioncheck.go, lastappliedmanager.go, skipnonapplied.go,
// managedfieldsupdater.go and structuredmerge.go, which upstream stacks.
import { equalJson, getKey, isJsonObject, type JsonObject } from '../json-object.ts';
import type { ManagedFieldsEntry } from '../object.ts';
import { plainError } from '../patch/plain-error.ts';
import { badRequest } from '../status.ts';
import { applyConflict, type Conflicts } from './apply-conflict.ts';
import { checkApplied } from './check-value.ts';
import {
  decodeManagers,
  dropEmpty,
  encodeManagers,
  managerId,
  type FieldManager,
  type FieldManagers,
} from './field-managers.ts';
import { difference, isEmptySet } from './field-set.ts';
import { fieldsOfLastApplied, updateLastApplied } from './last-applied.ts';
import { apiVersionIn, kindIn, managedFieldsOf, nameOf, namespaceOf, withoutManagedFields } from './managed-object.ts';
import { apiVersionOf, type ManagedKind, type ResetFields } from './managed-kind.ts';
import { mergeValues } from './merge-values.ts';
import { ownedFields } from './own-fields.ts';
import { pruneDropped } from './prune-dropped.ts';
import { stripMeta } from './strip-meta.ts';
import { ownChanges, timestamp } from './track-update.ts';
import { changeOwnership, reconcileManagers, withoutReset } from './update-ownership.ts';

export interface AppliedPatch {
  /** The stored object in the version of the request; undefined when there is none yet. */
  readonly live: JsonObject | undefined;
  /** The request's body, as decoded from YAML: not defaulted, and nothing dropped. */
  readonly applied: JsonObject;
  /** Not empty. */
  readonly manager: string;
  readonly force: boolean;
  readonly kind: ManagedKind;
  /** Empty for the object itself. */
  readonly subresource?: string;
  readonly resetFields?: ResetFields | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface ApplyResult {
  /**
   * The object as it is to be decoded, defaulted and stored, without metadata.managedFields. It is `live` (less its
   * managedFields) when nothing changed. Values that were taken away may stand in it as null.
   */
  readonly object: JsonObject;
  /** What to put into metadata.managedFields; undefined: nothing. */
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

type Outcome =
  { readonly conflicts: Conflicts } | { readonly object: JsonObject | undefined; readonly managers: FieldManagers };

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Runs `act`; what it throws becomes a 500 with upstream's words before it. */
function orPlainError<T>(words: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw plainError(words + messageOf(error));
  }
}

const groupVersionKind = ({ group, version, kind }: { group: string; version: string; kind: string }): string =>
  `${group}/${version}, Kind=${kind}`;

function checkKind({ applied, kind }: AppliedPatch): void {
  const given = typeMetaOf(applied);
  if (groupVersionKind(given) !== groupVersionKind(kind))
    throw badRequest(`invalid object type: ${groupVersionKind(given)}`);
}

/** An apiVersion like `a/b/c` is no group and version: upstream then sees no kind either. */
function typeMetaOf(applied: JsonObject): { group: string; version: string; kind: string } {
  const parts = apiVersionIn(applied).split('/');
  if (parts.length > 2) return { group: '', version: '', kind: '' };
  const [version = '', group = ''] = parts.reverse();
  return { group, version, kind: kindIn(applied) };
}

function checkConfiguration({ applied, kind }: AppliedPatch): void {
  const metadata = getKey(applied, 'metadata');
  if (isJsonObject(metadata) && Array.isArray(getKey(metadata, 'managedFields')))
    throw badRequest('metadata.managedFields must be nil');
  const wrong = checkApplied(kind.type, applied);
  if (wrong === undefined) return;
  const name = `${namespaceOf(applied)}/${nameOf(applied)}; ${groupVersionKind(kind)}`;
  throw plainError(`failed to create typed patch object (${name}): ${wrong}`);
}

/** What stands in an object that nobody was tracked on belongs to a manager of its own. */
const beforeFirstApply = (patch: AppliedPatch, live: JsonObject): FieldManagers =>
  ownChanges({ ...patch, manager: 'before-first-apply', before: patch.kind.empty, after: live }, new Map());

/** One attempt. `object` is undefined when the configuration changes nothing. */
function attempt(patch: AppliedPatch, live: JsonObject, before: FieldManagers, force: boolean): Outcome {
  const { applied, manager, kind, subresource = '', resetFields, now } = patch;
  const identity = { manager, operation: 'Apply' as const, apiVersion: apiVersionOf(kind), subresource };
  const id = managerId(identity);
  const reconciled = reconcileManagers(before, kind);
  const last = reconciled.get(id);
  const fields = withoutReset(ownedFields(kind.type, applied), resetFields);
  const self: FieldManager = { ...identity, fields, ...(last?.time && { time: last.time }) };
  const managers = new Map(reconciled).set(id, self);
  const merged = mergeValues(kind.type, live, applied) as JsonObject;
  const object = pruneDropped(merged, last, { managers, id, kind });
  const change = changeOwnership({ before: live, after: object, managers, self: id, kind, resetFields });
  if (!force && change.conflicts.size) return { conflicts: change.conflicts };
  const changed = !equalJson(live, object);
  const owned = new Map(change.managers);
  owned.set(id, { ...self, fields: stripMeta(fields), ...(changed && { time: timestamp(now) }) });
  return { object: changed ? object : undefined, managers: dropEmpty(owned) };
}

/** kubectl may take over, unforced, what client-side apply set; other conflicts remain. */
function conflictsLeft({ manager, kind }: AppliedPatch, live: JsonObject, conflicts: Conflicts): Conflicts {
  const allowed = manager === 'kubectl' ? fieldsOfLastApplied(live, kind) : undefined;
  if (!allowed) return conflicts;
  const left = [...conflicts].map(([id, fields]) => [id, difference(fields, allowed)] as const);
  return new Map(left.filter(([, fields]) => !isEmptySet(fields)));
}

/**
 * Throws StatusError: 400 for a body of another kind or with managedFields, 409 with a cause for each field in conflict,
 * 500 with a bare message for a body that does not fit the type. Nothing that is given is changed.
 */
export function applyPatch(patch: AppliedPatch): ApplyResult {
  const stored = orPlainError('failed to decode managed fields: ', () =>
    decodeManagers(managedFieldsOf(patch.live), 'stored'),
  );
  checkKind(patch);
  const live = withoutManagedFields(patch.live ?? patch.kind.empty);
  const managers = stored.size
    ? stored
    : orPlainError('failed to create manager for existing fields: ', () => beforeFirstApply(patch, live));
  checkConfiguration(patch);
  let outcome = orPlainError('', () => attempt(patch, live, managers, patch.force));
  if ('conflicts' in outcome) {
    const left = conflictsLeft(patch, live, outcome.conflicts);
    if (left.size) throw applyConflict(left);
    outcome = orPlainError('', () => attempt(patch, live, managers, true));
  }
  if ('conflicts' in outcome) throw applyConflict(outcome.conflicts);
  const object = outcome.object ?? live;
  return {
    object: patch.manager === 'kubectl' ? updateLastApplied(object, patch.applied) : object,
    managedFields: encodeManagers(outcome.managers),
  };
}

/** Throws one Invalid that names everything wrong with an object: its metadata first, then what its kind asks for. */
// Like BeforeCreate and BeforeUpdate of apiserver pkg/registry/rest.
import type { AnyObject } from '@naru/api/object';
import { invalid } from '@naru/api/status';
import type { FieldError } from '@naru/api/status';
import type { Kind, WriteContext } from '../kinds/define-kind.ts';
import { checkPathSegment } from '@naru/api/names';
import { invalidValue } from '@naru/api/field-errors';
import { validateMetadata, validateMetadataUpdate } from './metadata.ts';

/** For an object about to be created; its name and system metadata are set. */
export function assertValid(kind: Kind, object: AnyObject, context: WriteContext): void {
  const own = kind.validate?.(object, context) ?? [];
  if (kind.metadataApart) throwIfAny(kind, object, own);
  throwIfAny(kind, object, [...validateMetadata(object, kind), ...own]);
  // A kind that accepts any name still may not break the path.
  const { name = '' } = object.metadata;
  throwIfAny(
    kind,
    object,
    checkPathSegment(name).map((message) => invalidValue('metadata.name', name, message)),
  );
}

/** For a changed object beside what is stored. */
export function assertValidUpdate(kind: Kind, object: AnyObject, old: AnyObject, context: WriteContext): void {
  throwIfAny(kind, object, [
    ...validateMetadataUpdate(object, old, kind, context),
    ...(kind.validateUpdate?.(object, old, context) ?? []),
  ]);
}

function throwIfAny(kind: Kind, object: AnyObject, errors: readonly FieldError[]): void {
  if (!errors.length) return;
  // Errors name the group of the stored kind, whichever version of it was written.
  const group = kind.conversion?.stored.group ?? kind.group;
  throw invalid({ group, kind: kind.kind }, object.metadata.name ?? '', errors);
}

/** What is to become of an object's dependents, written down as finalizers for the garbage collector. */
// Like apiserver pkg/registry/generic/registry deletionFinalizersForGarbageCollection.
import type { AnyObject } from '@naru/api/object';
import type { Kind } from '../kinds/define-kind.ts';
import type { DeleteOptions } from './delete-options.ts';

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

/** The finalizers the object has once the deletion's wish is added. */
export function finalizersFor({ metadata }: AnyObject, kind: Kind, options: DeleteOptions): string[] {
  const present = metadata.finalizers ?? [];
  const others = present.filter((finalizer) => finalizer !== orphan && finalizer !== foreground);
  const wished = wish(present, kind, options);
  if (!wished) return others;
  return present.includes(wished) && present.length === others.length + 1 ? present : [...others, wished];
}

function wish(present: readonly string[], kind: Kind, options: DeleteOptions): string | undefined {
  if (options.orphanDependents !== undefined) return options.orphanDependents ? orphan : undefined;
  if (options.propagationPolicy === 'Orphan') return orphan;
  if (options.propagationPolicy === 'Foreground') return foreground;
  if (options.propagationPolicy === 'Background') return undefined;
  if (present.includes(orphan)) return orphan;
  if (present.includes(foreground)) return foreground;
  return kind.defaultPropagation === 'Orphan' ? orphan : undefined;
}

/** Who does not say what is to become of the dependents is told what will, if that may surprise. */
export function warnOfDefault(kind: Kind, options: DeleteOptions, warn: (text: string) => void): void {
  const isSaid = options.orphanDependents !== undefined || options.propagationPolicy !== undefined;
  if (kind.propagationWarning !== undefined && !isSaid) warn(kind.propagationWarning);
}

/** The usual bargain of kinds with a status: writes of the object leave the status alone, writes of the status leave the rest. */
import type { AnyObject } from '@naru/api/object';
import type { WriteContext } from './define-kind.ts';

/** A prepareForUpdate for kinds with spec and status. Changes `object`. */
export function keepTheOtherPart(object: AnyObject, old: AnyObject, { subresource }: WriteContext): void {
  keep(object, old, subresource === 'status' ? 'spec' : 'status');
}

/** Sets a field of `object` to what `old` has. */
export function keep(object: AnyObject, old: AnyObject, field: string): void {
  if (old[field] === undefined) delete object[field];
  else object[field] = old[field];
}

/** A prepareForCreate: nobody creates a status. */
export function dropStatus(object: AnyObject): void {
  object['status'] = {};
}

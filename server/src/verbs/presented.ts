/** A stored object in the version it is asked for. */
import type { AnyObject } from '@naru/api/object';
import type { Kind } from '../kinds/define-kind.ts';
import type { StoredObject } from '../watch/stored-object.ts';

/** Frozen unless it had to be converted. */
export const presented = (stored: StoredObject, kind: Kind): AnyObject =>
  kind.conversion ? kind.conversion.fromStored(stored.copy()) : stored.object;

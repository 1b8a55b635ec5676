/** A request to create an object that is answered and not stored. */
import type { AnyObject } from '@naru/api/object';
import type { Target, WriteSettings } from '../api.ts';

export interface VirtualRequest extends Target, WriteSettings {
  /** Decoded; it is changed and may be answered. */
  readonly object: AnyObject;
}

/** What reading a body gives, in whatever form it came. */
import type { TypeSchema } from '../schema/schema.ts';
import type { DecodedObject } from './decode-object.ts';
import type { GroupVersionKind } from './kind-of-body.ts';

/** A body that has been read, but not into a type yet. All methods throw decode problems. */
export interface ReadBody {
  written(): GroupVersionKind;
  /** `kind` and its apiVersion are set in the object. */
  decode(type: TypeSchema, kind: GroupVersionKind): DecodedObject;
}

/** What the caller says of a kind, in the version of the request, for its fields to be tracked. */
import type { JsonObject } from '../json-object.ts';
import type { FieldSet } from './field-set.ts';
import type { ValueType } from './value-type.ts';

/** One served version of a kind. Conversions leave what they are given as it is. */
export interface ManagedVersion {
  readonly type: ValueType;
  /** From the version of the request to this one; absent: nothing but apiVersion differs. */
  convert?(object: JsonObject): JsonObject;
  /** And back. */
  convertBack?(object: JsonObject): JsonObject;
}

export interface ManagedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly type: ValueType;
  /** What a new object of the kind is compared with: emptyObject(type) for built-in kinds, `{}` for custom resources. */
  readonly empty: JsonObject;
  /**
   * The other versions that entries may speak of, by apiVersion. Entries of versions that are neither here nor the
   * request's own are dropped, as upstream does once a version is served no more.
   */
  otherVersion?(apiVersion: string): ManagedVersion | undefined;
}

/** Fields that a write cannot set, such as `{ 'f:status': {} }` on the object itself; or, as a function, keeps those it can. */
export type ResetFields = FieldSet | ((fields: FieldSet) => FieldSet);

export const apiVersionOf = ({ group, version }: Pick<ManagedKind, 'group' | 'version'>): string =>
  group ? `${group}/${version}` : version;

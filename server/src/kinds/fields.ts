/** The JSON shape of an API type: client-node's model with every field optional and times as text. Types only. */
import type { AnyObject, ObjectMeta } from '@naru/api/object';

type Unreserved<Key> = Key extends `_${infer Name}` ? Name : Key;

/** What a decoded body may hold of `Model`: nothing is certain to be there. */
export type Fields<Model> = Model extends Date
  ? string
  : Model extends readonly (infer Item)[]
    ? Fields<Item>[]
    : Model extends object
      ? string extends keyof Model
        ? Record<string, Fields<Model[keyof Model]>>
        : { [Key in keyof Model as Unreserved<Key>]?: Fields<Model[Key]> }
      : Model;

/** A whole object of the kind that `Model` describes. */
export type ObjectFields<Model> = Fields<Omit<Model, 'metadata'>> & { metadata: ObjectMeta };

/** The object seen as the kind it is; the decoder has checked the types of its fields. */
export const fieldsOf = <Model>(object: AnyObject): ObjectFields<Model> => object as unknown as ObjectFields<Model>;

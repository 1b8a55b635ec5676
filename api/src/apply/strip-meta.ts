/** Fields that nobody owns: the object's identity, and what the server itself keeps. */
// Like apimachinery managedfields/internal/stripmeta.go.
import { difference, noFields, type FieldSet } from './field-set.ts';

const metadata = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
];

const stripped: FieldSet = {
  'f:apiVersion': noFields,
  'f:kind': noFields,
  'f:metadata': { '.': noFields, ...Object.fromEntries(metadata.map((name) => [`f:${name}`, noFields])) },
};

export const stripMeta = (fields: FieldSet): FieldSet => difference(fields, stripped);

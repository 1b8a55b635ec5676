/** Schemas of custom resources: what the definition says, with what every object has. */
// Like the builder of apiextensions-apiserver pkg/controller/openapi.
import { nameOfSchema } from './names.ts';
import type { Json, OpenApiResource } from './resource.ts';
import { refTo, type SchemaCollector } from './schemas.ts';

const meta = 'k8s.io.apimachinery.pkg.apis.meta.v1.';

const typeMeta: Json = {
  apiVersion: {
    description:
      'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
    type: 'string',
  },
  kind: {
    description:
      'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
    type: 'string',
  },
};

/** Adds the schemas of the resource and of its list. */
export function customSchemas(resource: OpenApiResource, schemas: SchemaCollector): void {
  const { group, version, kind, customSchema = { type: 'object' } } = resource;
  const name = nameOfSchema(resource);
  const ownMeta = (customSchema['properties'] as Json | undefined)?.['metadata'] as Json | undefined;
  schemas.add(name, {
    ...customSchema,
    type: 'object',
    properties: {
      ...(customSchema['properties'] as Json | undefined),
      ...typeMeta,
      metadata: {
        allOf: [schemas.type(`${meta}ObjectMeta`)],
        description:
          (ownMeta?.['description'] as string | undefined) ??
          "Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata",
      },
    },
    'x-kubernetes-group-version-kind': [{ group, kind, version }],
  });
  schemas.add(`${name}List`, {
    description: `${kind}List is a list of ${kind}`,
    type: 'object',
    required: ['items'],
    properties: {
      ...typeMeta,
      items: {
        description: `List of ${resource.plural}. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md`,
        type: 'array',
        items: refTo(name),
      },
      metadata: {
        allOf: [schemas.type(`${meta}ListMeta`)],
        description:
          'Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
      },
    },
    'x-kubernetes-group-version-kind': [{ group, kind: `${kind}List`, version }],
  });
}

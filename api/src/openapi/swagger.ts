/** OpenAPI v2: all v3 documents in one, in the words of Swagger 2.0. */
// Like the v2 builder of kube-openapi; parameters stand where they are used instead of under names of their own.
import type { Json } from './resource.ts';

const refs = (schema: Json): string | undefined => {
  const reference = (schema['$ref'] ?? (schema['allOf'] as Json[] | undefined)?.[0]?.['$ref']) as string | undefined;
  return reference?.replace('#/components/schemas/', '#/definitions/');
};

/** What version 2 has no word for; clients of it take the rest. */
const unknownToV2 = new Set(['allOf', 'anyOf', 'oneOf', 'not', 'nullable', 'default']);

function schemaOf(schema: Json): Json {
  const reference = refs(schema);
  if (reference) {
    const { description } = schema;
    return { $ref: reference, ...extensionsOf(schema), ...(description !== undefined && { description }) };
  }
  const { properties, items, additionalProperties, ...rest } = schema;
  const kept = Object.fromEntries(Object.entries(rest).filter(([key]) => !unknownToV2.has(key)));
  return {
    ...kept,
    ...(schema['oneOf'] !== undefined && { type: 'string' }),
    ...(items !== undefined && { items: schemaOf(items as Json) }),
    ...(isSchema(additionalProperties) && { additionalProperties: schemaOf(additionalProperties) }),
    ...(isSchema(properties) && {
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, schemaOf(property as Json)]),
      ),
    }),
  };
}

const isSchema = (value: unknown): value is Json => typeof value === 'object' && value !== null;

const extensionsOf = (schema: Json): Json =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key.startsWith('x-')));

function parameterOf({ schema, ...rest }: Json): Json {
  return { ...rest, ...(schema as Json) };
}

type Content = Record<string, { schema: Json }>;

function bodyOf(body: Json): Json {
  const [media] = Object.values(body['content'] as Content);
  return {
    in: 'body',
    name: 'body',
    ...(body['required'] === true && { required: true }),
    schema: schemaOf(media!.schema),
  };
}

/** Order of version 2: JSON, YAML, protobuf, streams. */
const mediaOrder = [
  'application/json',
  'application/yaml',
  'application/vnd.kubernetes.protobuf',
  'application/json;stream=watch',
  'application/vnd.kubernetes.protobuf;stream=watch',
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
];
const place = (type: string) => {
  const index = mediaOrder.indexOf(type);
  return index < 0 ? (type === 'text/plain' ? -1 : mediaOrder.length) : index;
};
const inOrder = (types: Iterable<string>) => [...types].sort((a, b) => place(a) - place(b));

/** Operations about the roots take what they give, those that give a text take nothing. */
function consumesOf(operation: Json, produces: string[], answer: Json | undefined): string[] | undefined {
  if (operation['x-kubernetes-action'] === undefined) return answer?.['type'] === 'string' ? undefined : produces;
  const body = operation['requestBody'] as Json | undefined;
  const isPatch = operation['x-kubernetes-action'] === 'patch' && body;
  return isPatch ? inOrder(Object.keys(body['content'] as Content)) : ['*/*'];
}

function operationOf(operation: Json): Json {
  const { parameters, requestBody, responses, ...rest } = operation;
  const produces = new Set<string>();
  const answers: Json = {};
  for (const [code, response] of Object.entries(responses as Record<string, Json>)) {
    const { content, ...kept } = response;
    const [media] = Object.values((content as Content | undefined) ?? {});
    for (const type of Object.keys((content as Content | undefined) ?? {})) produces.add(type);
    answers[code] = { ...kept, ...(media && { schema: schemaOf(media.schema) }) };
  }
  const given = [
    ...(requestBody ? [bodyOf(requestBody as Json)] : []),
    ...((parameters as Json[] | undefined) ?? []).map(parameterOf),
  ];
  const types = inOrder(produces);
  const consumes = consumesOf(operation, types, (answers['200'] as Json | undefined)?.['schema'] as Json | undefined);
  return {
    ...(consumes && { consumes }),
    ...rest,
    ...(given.length && { parameters: given }),
    produces: types,
    responses: answers,
    schemes: ['https'],
  };
}

/** A body that all of a path's operations share stands with the path, as its query parameters do. */
function pathOf(item: Json): Json {
  const { parameters, ...operations } = item;
  return {
    ...Object.fromEntries(
      Object.entries(operations).map(([method, operation]) => [method, operationOf(operation as Json)]),
    ),
    ...(parameters !== undefined && { parameters: (parameters as Json[]).map(parameterOf) }),
  };
}

/** One Swagger document of all v3 documents; where two define a schema, the kinds of both are kept. */
export function swaggerOf(documents: Iterable<Json>, version: string): Json {
  const definitions = new Map<string, Json>();
  const paths: Json = {};
  for (const document of documents) {
    const { schemas = {} } = document['components'] as { schemas?: Record<string, Json> };
    for (const [name, schema] of Object.entries(schemas)) {
      definitions.set(name, withKindsOf(schemaOf(schema), definitions.get(name)));
    }
    for (const [path, item] of Object.entries(document['paths'] as Record<string, Json>)) paths[path] = pathOf(item);
  }
  const sorted = (entries: Iterable<[string, unknown]>) =>
    Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  return {
    definitions: sorted(definitions),
    info: { title: 'Kubernetes', version },
    paths: sorted(Object.entries(paths)),
    security: [{ BearerToken: [] }],
    securityDefinitions: {
      BearerToken: { description: 'Bearer Token authentication', in: 'header', name: 'authorization', type: 'apiKey' },
    },
    swagger: '2.0',
  };
}

const kindsKey = 'x-kubernetes-group-version-kind';

function withKindsOf(schema: Json, before: Json | undefined): Json {
  const kinds = [
    ...((before?.[kindsKey] as Json[] | undefined) ?? []),
    ...((schema[kindsKey] as Json[] | undefined) ?? []),
  ];
  if (kinds.length === 0) return schema;
  const unique = new Map(kinds.map((kind) => [JSON.stringify(kind), kind]));
  return { ...schema, [kindsKey]: [...unique.values()] };
}

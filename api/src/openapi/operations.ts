/** Operations of OpenAPI v3: one function for each shape an operation can have. */
import type { Json } from './resource.ts';

export interface OperationNames {
  operationId: string;
  tag: string;
  /** x-kubernetes-action. */
  action: string;
  kind: { group: string; kind: string; version: string };
}

export interface MediaTypes {
  read: readonly string[];
  watch: readonly string[];
  patch: readonly string[];
}

export const builtInTypes: MediaTypes = {
  read: ['application/json', 'application/vnd.kubernetes.protobuf', 'application/yaml'],
  watch: [
    'application/json',
    'application/json;stream=watch',
    'application/vnd.kubernetes.protobuf',
    'application/vnd.kubernetes.protobuf;stream=watch',
    'application/yaml',
  ],
  patch: [
    'application/apply-patch+yaml',
    'application/json-patch+json',
    'application/merge-patch+json',
    'application/strategic-merge-patch+json',
  ],
};

export const customTypes: MediaTypes = {
  read: ['application/json', 'application/yaml'],
  watch: ['application/json', 'application/yaml'],
  patch: ['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json'],
};

export const content = (types: readonly string[], schema: Json): Json => ({
  content: Object.fromEntries(types.map((type) => [type, { schema }])),
});

/** Responses of the given codes with one schema, and the 401 that all have. */
export function responses(codes: readonly number[], types: readonly string[], schema: Json): Json {
  const described: Record<number, string> = { 200: 'OK', 201: 'Created', 202: 'Accepted' };
  return {
    ...Object.fromEntries(
      codes.map((code) => [String(code), { ...content(types, schema), description: described[code] }]),
    ),
    '401': { description: 'Unauthorized' },
  };
}

interface Parts {
  parameters?: readonly Json[];
  requestBody?: Json;
  responses: Json;
}

export function operation({ operationId, tag, action, kind }: OperationNames, parts: Parts): Json {
  return {
    operationId,
    ...(parts.parameters?.length && { parameters: parts.parameters }),
    ...(parts.requestBody && { requestBody: parts.requestBody }),
    responses: parts.responses,
    tags: [tag],
    'x-kubernetes-action': action,
    'x-kubernetes-group-version-kind': kind,
  };
}

/** A body the operation cannot do without. */
export const requiredBody = (types: readonly string[], schema: Json): Json => ({
  ...content(types, schema),
  required: true,
});

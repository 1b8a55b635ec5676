/** Swagger 2.0 as the protobuf message that kubectl before 1.29, and `explain --output=plaintext-openapiv2`, ask for. */
// Like openapi.v2.Document of gnostic (OpenAPIv2.proto).
import { WireWriter } from '../protobuf/wire-writer.ts';
import type { Json } from './resource.ts';

/**
 * One field of a message: its number, the JSON key its value comes from (empty: the value itself), and what it is.
 * `text`, `texts`, `flag`, `number`, `any` (YAML of a value), `anys`, `extensions` (all x-… keys), the name of a
 * message, `Name[]` for several, `Name{}` for a map written as named values.
 */
type Field = readonly [number: number, key: string, type: string];

const messages: Record<string, readonly Field[]> = {
  Document: [
    [1, 'swagger', 'text'],
    [2, 'info', 'Info'],
    [8, 'paths', 'Paths'],
    [9, 'definitions', 'Definitions'],
    [12, 'security', 'SecurityRequirement[]'],
    [13, 'securityDefinitions', 'SecurityDefinitions'],
  ],
  Info: [
    [1, 'title', 'text'],
    [2, 'version', 'text'],
  ],
  Paths: [[2, '', 'PathItem{}']],
  PathItem: [
    [2, 'get', 'Operation'],
    [3, 'put', 'Operation'],
    [4, 'post', 'Operation'],
    [5, 'delete', 'Operation'],
    [6, 'options', 'Operation'],
    [7, 'head', 'Operation'],
    [8, 'patch', 'Operation'],
    [9, 'parameters', 'ParametersItem[]'],
    [10, '', 'extensions'],
  ],
  Operation: [
    [1, 'tags', 'texts'],
    [3, 'description', 'text'],
    [5, 'operationId', 'text'],
    [6, 'produces', 'texts'],
    [7, 'consumes', 'texts'],
    [8, 'parameters', 'ParametersItem[]'],
    [9, 'responses', 'Responses'],
    [10, 'schemes', 'texts'],
    [13, '', 'extensions'],
  ],
  ParametersItem: [[1, '', 'Parameter']],
  BodyParameter: [
    [1, 'description', 'text'],
    [2, 'name', 'text'],
    [3, 'in', 'text'],
    [4, 'required', 'flag'],
    [5, 'schema', 'Schema'],
  ],
  QueryParameter: [
    [1, 'required', 'flag'],
    [2, 'in', 'text'],
    [3, 'description', 'text'],
    [4, 'name', 'text'],
    [6, 'type', 'text'],
    [7, 'format', 'text'],
    [20, 'uniqueItems', 'flag'],
  ],
  PathParameter: [
    [1, 'required', 'flag'],
    [2, 'in', 'text'],
    [3, 'description', 'text'],
    [4, 'name', 'text'],
    [5, 'type', 'text'],
    [6, 'format', 'text'],
    [19, 'uniqueItems', 'flag'],
  ],
  Responses: [[1, '', 'ResponseValue{}']],
  ResponseValue: [[1, '', 'Response']],
  Response: [
    [1, 'description', 'text'],
    [2, 'schema', 'SchemaItem'],
  ],
  SchemaItem: [[1, '', 'Schema']],
  Definitions: [[1, '', 'Schema{}']],
  Properties: [[1, '', 'Schema{}']],
  Schema: [
    [1, '$ref', 'text'],
    [2, 'format', 'text'],
    [3, 'title', 'text'],
    [4, 'description', 'text'],
    [5, 'default', 'any'],
    [6, 'multipleOf', 'number'],
    [7, 'maximum', 'number'],
    [9, 'minimum', 'number'],
    [11, 'maxLength', 'integer'],
    [12, 'minLength', 'integer'],
    [13, 'pattern', 'text'],
    [14, 'maxItems', 'integer'],
    [15, 'minItems', 'integer'],
    [16, 'uniqueItems', 'flag'],
    [17, 'maxProperties', 'integer'],
    [18, 'minProperties', 'integer'],
    [19, 'required', 'texts'],
    [20, 'enum', 'anys'],
    [21, 'additionalProperties', 'AdditionalProperties'],
    [22, 'type', 'Type'],
    [23, 'items', 'Items'],
    [25, 'properties', 'Properties'],
    [31, '', 'extensions'],
  ],
  AdditionalProperties: [[1, '', 'Schema']],
  Type: [[1, '', 'texts']],
  Items: [[1, '', 'Schema']],
  SecurityRequirement: [[1, '', 'StringArray{}']],
  StringArray: [[1, '', 'texts']],
  SecurityDefinitions: [[1, '', 'SecurityDefinition{}']],
  SecurityDefinition: [[2, '', 'ApiKey']],
  ApiKey: [
    [1, 'type', 'text'],
    [2, 'name', 'text'],
    [3, 'in', 'text'],
    [4, 'description', 'text'],
  ],
};

/** A body parameter is one message; others are inside another, by where they stand. */
function parameter(writer: WireWriter, value: Json): void {
  if (value['in'] === 'body') {
    message(writer, 1, 'BodyParameter', value);
    return;
  }
  const before = writer.length;
  if (value['in'] === 'path') message(writer, 4, 'PathParameter', value);
  else message(writer, 3, 'QueryParameter', value);
  writer.close(2, before);
}

function message(writer: WireWriter, number: number, name: string, value: unknown): void {
  const before = writer.length;
  fieldsOf(writer, name, value);
  writer.close(number, before);
}

/** From the last field to the first, as the writer wants it. */
function fieldsOf(writer: WireWriter, name: string, value: unknown): void {
  if (name === 'Parameter') {
    parameter(writer, value as Json);
    return;
  }
  const fields = messages[name]!;
  for (let index = fields.length - 1; index >= 0; index--) {
    const [number, key, type] = fields[index]!;
    const part = key === '' ? value : (value as Json)[key];
    if (part !== undefined) write(writer, number, type, part);
  }
}

function write(writer: WireWriter, number: number, type: string, value: unknown): void {
  switch (type) {
    case 'text':
      return writer.text(number, String(value));
    case 'texts':
      return backwards([value].flat(), (text) => writer.text(number, String(text)));
    case 'flag':
      return writer.number(number, value ? 1 : 0);
    case 'integer':
      return writer.number(number, Number(value));
    case 'number':
      return writer.double(number, Number(value));
    case 'any':
      return any(writer, number, value);
    case 'anys':
      return backwards(value as unknown[], (element) => any(writer, number, element));
    case 'extensions':
      return extensions(writer, number, value as Json);
    default:
      return writeMessages(writer, number, type, value);
  }
}

function writeMessages(writer: WireWriter, number: number, type: string, value: unknown): void {
  if (type.endsWith('[]')) {
    backwards(value as unknown[], (element) => message(writer, number, type.slice(0, -2), element));
  } else if (type.endsWith('{}')) {
    backwards(Object.entries(value as Json), ([name, element]) => {
      const before = writer.length;
      message(writer, 2, type.slice(0, -2), element);
      writer.text(1, name);
      writer.close(number, before);
    });
  } else {
    message(writer, number, type, value);
  }
}

function backwards<T>(list: readonly T[], each: (element: T) => void): void {
  for (let index = list.length - 1; index >= 0; index--) each(list[index]!);
}

/** JSON is YAML. */
function any(writer: WireWriter, number: number, value: unknown): void {
  const before = writer.length;
  writer.text(2, `${JSON.stringify(value)}\n`);
  writer.close(number, before);
}

function extensions(writer: WireWriter, number: number, value: Json): void {
  const entries = Object.entries(value).filter(([key]) => key.startsWith('x-'));
  backwards(entries, ([name, extension]) => {
    const before = writer.length;
    any(writer, 2, extension);
    writer.text(1, name);
    writer.close(number, before);
  });
}

/** The bytes of openapi.v2.Document. */
export function gnosticOf(swagger: Json): Buffer {
  const writer = new WireWriter(1 << 20);
  fieldsOf(writer, 'Document', swagger);
  return writer.finish();
}

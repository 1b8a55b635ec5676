/** PATCH bodies. */
import { plainValue } from '@naru/api/decode/json-tree';
import { JsonSyntaxError } from '@naru/api/decode/parse-json';
import { readText, type TextBody } from '@naru/api/decode/read-tree';
import { YamlError } from '@naru/api/decode/yaml-error';
import { jsonKind } from '@naru/api/go-print';
import { isJsonObject, type JsonObject } from '@naru/api/json-object';
import { decodeJsonPatch } from '@naru/api/patch/json-patch';
import { decodeMergePatch, decodeStrategicPatch } from '@naru/api/patch/merge-patch';
import { StatusError, badRequest } from '@naru/api/status';
import type { Patch } from '../verbs/patch.ts';
import { countKeys, duplicateFields } from './duplicate-fields.ts';
import { baseType, type Body } from './decode-body.ts';
import type { FieldValidation } from './query-options.ts';

export type PatchType = Patch['type'] | 'apply';

const patchTypes = new Map<string, PatchType>([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
  ['application/apply-patch+yaml', 'apply'],
]);

/** Throws 415. */
export function patchTypeOf(contentType: string | undefined): PatchType {
  const type = patchTypes.get(baseType(contentType));
  if (type) return type;
  throw new StatusError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: '415: Unsupported Media Type',
    details: {},
  });
}

export interface DecodedPatch {
  readonly patch: Patch;
  readonly problems: readonly string[];
}

/** Throws 400, and 413 for a JSON patch with too many operations. */
export function decodePatch({ bytes }: Body, type: Patch['type'], fieldValidation: FieldValidation): DecodedPatch {
  const { value, duplicates } = parse(bytes, type);
  switch (type) {
    case 'json': {
      const patch = decodeJsonPatch(value, fieldValidation);
      return { patch: { type, patch }, problems: [...duplicates, ...patch.strictErrors] };
    }
    case 'merge':
      return { patch: { type, patch: decodeMergePatch(value) }, problems: duplicates };
    case 'strategic':
      return { patch: { type, patch: decodeStrategicPatch(value) }, problems: duplicates };
  }
}

function parse(bytes: Buffer, type: Patch['type']): { value: unknown; duplicates: string[] } {
  try {
    const text = readText(bytes, 'json');
    // The quick reading is only taken where no key stands twice.
    if (text.plain && countKeys(text.plain.value) === text.plain.keys)
      return { value: text.plain.value, duplicates: [] };
    const tree = text.tree();
    return { value: plainValue(tree), duplicates: duplicateFields(tree) };
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error;
    throw badRequest(type === 'strategic' ? error.message : `error decoding patch: ${error.message}`);
  }
}

/** The body of a server-side apply: YAML, of which JSON is a part. Throws 400. */
export function decodeApplied(
  { bytes }: Body,
  fieldValidation: FieldValidation,
  warn: (text: string) => void,
): JsonObject {
  const text = readYaml(bytes);
  const duplicates = text.yamlDuplicates.map((problem) => problem.trim());
  if (duplicates.length && fieldValidation === 'Strict') {
    throw badRequest(`error strict decoding YAML: yaml: unmarshal errors:\n  ${duplicates.join('\n  ')}`);
  }
  if (fieldValidation === 'Warn') duplicates.forEach(warn);
  const value = plainValue(text.tree());
  if (value === null) return {};
  if (isJsonObject(value)) return value;
  const what = `json: cannot unmarshal ${jsonKind(value)} into Go value of type map[string]interface {}`;
  throw badRequest(`error decoding YAML: error unmarshaling JSON: while decoding JSON: ${what}`);
}

function readYaml(bytes: Buffer): TextBody {
  try {
    return readText(bytes, 'yaml');
  } catch (error) {
    if (!(error instanceof YamlError)) throw error;
    throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`);
  }
}

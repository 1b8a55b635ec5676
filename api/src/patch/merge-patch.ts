/** JSON Merge Patch (RFC 7386): null deletes, objects merge, everything else replaces. */
// Like gopkg.in/evanphx/json-patch.v4 merge.go, which unlike the RFC also drops null keys of objects inside new lists.
import { getKey, isJsonObject, setKey, type JsonObject } from '../json-object.ts';
import { jsonKind } from '../go-print.ts';
import { badRequest } from '../status.ts';

const cannotUnmarshal = (body: unknown) =>
  `json: cannot unmarshal ${jsonKind(body)} into Go value of type map[string]interface {}`;

/** Checks the decoded body of a merge patch; throws StatusError 400 with upstream's message. */
export function decodeMergePatch(body: unknown): JsonObject {
  if (body === null || body === undefined) throw badRequest('Invalid JSON Patch');
  if (!isJsonObject(body)) throw badRequest(`error decoding patch: ${cannotUnmarshal(body)}`);
  return body;
}

/** Checks the decoded body of a strategic merge patch; throws StatusError 400. `null` changes nothing. */
export function decodeStrategicPatch(body: unknown): JsonObject {
  if (body === null || body === undefined) return {};
  if (!isJsonObject(body)) throw badRequest(cannotUnmarshal(body));
  return body;
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const result: JsonObject = {};
  for (const [key, each] of Object.entries(value)) if (each !== null) setKey(result, key, withoutNulls(each));
  return result;
}

function mergeValue(current: unknown, patch: unknown): unknown {
  return isJsonObject(current) && isJsonObject(patch) ? applyMergePatch(current, patch) : withoutNulls(patch);
}

/** The merged object; the arguments are left as they are, and parts of them may be shared with the result. */
export function applyMergePatch(document: JsonObject, patch: JsonObject): JsonObject {
  const result = { ...document };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else setKey(result, key, mergeValue(getKey(result, key), value));
  }
  return result;
}

/** Which kind a body says it is, and what the path makes of what it leaves out. */
// Like SimpleMetaFactory.Interpret and gvkWithDefaults.
import { DecodeError } from './go-decode.ts';
import { JsonObject, NumberLiteral, type JsonTree } from './json-tree.ts';

export interface GroupVersionKind {
  group: string;
  version: string;
  kind: string;
}

const typeMetaStruct =
  'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }';

const prefix = "couldn't get version/kind; json parse error:";

export const interpretError = (message: string) => new DecodeError(`${prefix} ${message}`);

/** Throws DecodeError. */
export function parseApiVersion(apiVersion: string): { group: string; version: string } {
  if (apiVersion === '' || apiVersion === '/') return { group: '', version: '' };
  const slash = apiVersion.indexOf('/');
  if (slash < 0) return { group: '', version: apiVersion };
  if (apiVersion.includes('/', slash + 1)) throw new DecodeError(`unexpected GroupVersion string: ${apiVersion}`);
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

const goKind = (tree: JsonTree) => {
  if (tree instanceof NumberLiteral) return 'number';
  if (Array.isArray(tree)) return 'array';
  if (tree instanceof JsonObject) return 'object';
  return typeof tree === 'boolean' ? 'bool' : 'string';
};

/** What the body itself says; upper and lower case are one here. Throws DecodeError. */
export function writtenKind(tree: JsonTree): GroupVersionKind {
  if (tree === null) return { group: '', version: '', kind: '' };
  if (!(tree instanceof JsonObject)) {
    throw interpretError(`json: cannot unmarshal ${goKind(tree)} into Go value of type ${typeMetaStruct}`);
  }
  const found = { apiversion: '', kind: '' };
  let mismatch: string | undefined;
  tree.keys.forEach((key, index) => {
    const name = key.toLowerCase();
    if (name !== 'apiversion' && name !== 'kind') return;
    const value = tree.values[index]!;
    if (typeof value === 'string') found[name] = value;
    else if (value !== null) {
      mismatch ??= `json: cannot unmarshal ${goKind(value)} into Go struct field .${name === 'kind' ? name : 'apiVersion'} of type string`;
    }
  });
  if (mismatch) throw interpretError(mismatch);
  return { ...parseApiVersion(found.apiversion), kind: found.kind };
}

export function withDefaults(written: GroupVersionKind, expected: GroupVersionKind): GroupVersionKind {
  const kind = written.kind || expected.kind;
  if (written.version !== '') return { ...written, kind };
  if (written.group === '' || written.group === expected.group) {
    return { group: expected.group, version: expected.version, kind };
  }
  return { ...written, kind };
}

export const apiVersionOf = ({ group, version }: { group: string; version: string }): string =>
  group ? `${group}/${version}` : version;

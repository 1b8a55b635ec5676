/** What happens to a body of another kind than the path takes: upstream knows it, converts it, or says it cannot. */
// Like the codec of pkg/runtime/serializer/versioning over the schemes of kube-apiserver.
import { badRequest, type StatusError } from '../status.ts';
import { typeKeyOfKind } from '../schema/schema-table.ts';
import { DecodeError } from './go-decode.ts';
import { apiVersionOf, type GroupVersionKind } from './kind-of-body.ts';

/** Groups whose kinds are registered with no others. */
const separateGroups = new Set(['apiextensions.k8s.io', 'apiregistration.k8s.io', 'metrics.k8s.io']);

/** Upstream's package of unversioned types; other groups': the first part of their name. */
const internalPackages: Record<string, string> = {
  '': 'core',
  'events.k8s.io': 'core',
  'rbac.authorization.k8s.io': 'rbac',
};

const schemeOf = (group: string) => (separateGroups.has(group) ? group : 'built-in');

const metaKinds = (key: string) => key.startsWith('k8s.io.apimachinery');

/** Key of the type of a body's kind, if the scheme that serves `expected` knows it. Throws DecodeError. */
export function registeredKey(actual: GroupVersionKind, expected: GroupVersionKind): string {
  const key = typeKeyOfKind(actual.group, actual.version, actual.kind);
  if (key !== undefined && (metaKinds(key) || schemeOf(actual.group) === schemeOf(expected.group))) return key;
  throw new DecodeError(
    `no kind "${actual.kind}" is registered for version "${apiVersionOf(actual)}" in scheme "pkg/runtime/scheme.go:111"`,
  );
}

export const sameKind = (a: GroupVersionKind, b: GroupVersionKind): boolean =>
  a.kind === b.kind && a.version === b.version && a.group === b.group;

const internalPackage = (group: string) => internalPackages[group] ?? group.split('.')[0]!;

/** The 400 for a body of a known kind that is not the one the path takes. */
export function wrongKind(actual: GroupVersionKind, expected: GroupVersionKind): StatusError {
  if (actual.kind === expected.kind && internalPackage(actual.group) === internalPackage(expected.group)) {
    return badRequest(
      `the API version in the data (${apiVersionOf(actual)}) does not match the expected API version (${apiVersionOf(expected)})`,
    );
  }
  const from = `${actual.version}.${actual.kind}`;
  const to = `${internalPackage(expected.group)}.${expected.kind}`;
  return badRequest(
    `${actual.kind} in version "${actual.version}" cannot be handled as a ${expected.kind}: converting (${from}) to (${to}): unknown conversion`,
  );
}

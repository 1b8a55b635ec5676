/** Nobody gives away more than they hold: which parts of some rules others do not cover, and how they are told of. */
// Like pkg/registry/rbac/validation Covers, CompactRules and CompactString.
import type { PolicyRule } from '../defaults/parse-rule.ts';
import { resourcesCover, urlCovers } from './rule-allows.ts';

const all = '*';
const hasAll = (owned: readonly string[] = [], wanted: readonly string[] = []): boolean =>
  owned.includes(all) || wanted.every((one) => owned.includes(one));

/** What `wanted` allows and `held` does not, in the smallest parts: one verb on one resource or path each. */
export const uncovered = (wanted: readonly PolicyRule[], held: readonly PolicyRule[]): PolicyRule[] =>
  wanted.flatMap(partsOf).filter((part) => !held.some((rule) => covers(rule, part)));

function partsOf({ verbs, apiGroups = [], resources = [], resourceNames, nonResourceURLs = [] }: PolicyRule) {
  const named = resourceNames?.length ? resourceNames : [undefined];
  const ofResources = apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      verbs.flatMap((verb) =>
        named.map((name): PolicyRule => ({
          verbs: [verb],
          apiGroups: [group],
          resources: [resource],
          ...(name !== undefined && { resourceNames: [name] }),
        })),
      ),
    ),
  );
  const ofPaths = nonResourceURLs.flatMap((url) =>
    verbs.map((verb): PolicyRule => ({ verbs: [verb], nonResourceURLs: [url] })),
  );
  return [...ofResources, ...ofPaths];
}

function covers(held: PolicyRule, part: PolicyRule): boolean {
  const everyName = !held.resourceNames?.length;
  return (
    hasAll(held.verbs, part.verbs) &&
    hasAll(held.apiGroups, part.apiGroups) &&
    (part.resources ?? []).every((path) => coversResource(held.resources, path)) &&
    (part.nonResourceURLs ?? []).every((url) => (held.nonResourceURLs ?? []).some((own) => urlCovers(own, url))) &&
    (everyName || (!!part.resourceNames?.length && hasAll(held.resourceNames, part.resourceNames)))
  );
}

function coversResource(held: readonly string[] | undefined, path: string): boolean {
  const slash = path.indexOf('/');
  return slash < 0 ? resourcesCover(held, path, '') : resourcesCover(held, path.slice(0, slash), path.slice(slash + 1));
}

/** One line for each, sorted; parts that differ only in their verb are one line. */
export function describeRules(parts: readonly PolicyRule[]): string[] {
  const compact = new Map<string, PolicyRule>();
  for (const part of parts) {
    const { verbs, ...what } = part;
    const key = JSON.stringify(part.nonResourceURLs ? part : what);
    const known = compact.get(key);
    compact.set(key, known ? { ...known, verbs: [...new Set([...known.verbs, ...verbs])] } : part);
  }
  return [...new Set([...compact.values()].map(describe))].sort();
}

function describe({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const lists = {
    APIGroups: apiGroups,
    Resources: resources,
    NonResourceURLs: nonResourceURLs,
    ResourceNames: resourceNames,
    Verbs: verbs,
  };
  const shown = Object.entries(lists)
    .filter(([, list]) => list?.length)
    .map(([name, list]) => `${name}:[${list!.map((one) => JSON.stringify(one)).join(' ')}]`);
  return `{${shown.join(', ')}}`;
}

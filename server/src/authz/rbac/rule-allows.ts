/** Whether one rule of a role allows what is asked for. */
// Like RuleAllows of plugin/pkg/auth/authorizer/rbac and pkg/apis/rbac/v1/evaluation_helpers.go.
import type { Attributes } from '../authorize.ts';
import type { PolicyRule } from '../defaults/parse-rule.ts';

const all = '*';
const hasOrAll = (list: readonly string[] | undefined, wanted: string): boolean =>
  list !== undefined && (list.includes(all) || list.includes(wanted));

export function ruleAllows(rule: PolicyRule, attributes: Attributes): boolean {
  if (!hasOrAll(rule.verbs, attributes.verb)) return false;
  if ('path' in attributes) return (rule.nonResourceURLs ?? []).some((url) => urlCovers(url, attributes.path));
  const { group, resource, subresource, name } = attributes;
  return (
    hasOrAll(rule.apiGroups, group) &&
    resourcesCover(rule.resources, resource, subresource) &&
    (!rule.resourceNames?.length || rule.resourceNames.includes(name))
  );
}

/** `pods`, `pods/log`, `*` for everything, or `*` + `/scale` for one subresource of whatever has it. */
export function resourcesCover(list: readonly string[] = [], resource: string, subresource: string): boolean {
  if (list.includes(all) || list.includes(subresource ? `${resource}/${subresource}` : resource)) return true;
  return subresource !== '' && list.includes(`${all}/${subresource}`);
}

/** A `*` at the end stands for everything that follows. */
export const urlCovers = (url: string, path: string): boolean =>
  url === all || url === path || (url.endsWith(all) && path.startsWith(url.replace(/\*+$/, '')));

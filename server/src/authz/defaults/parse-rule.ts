/** One rule of a role as one line: verbs, API groups, resources and perhaps names; or verbs and paths. */

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** Lists are parted by commas, `core` is the group without a name: `get,list core,apps pods,deployments` or `get /version`. */
export function parseRule(line: string): PolicyRule {
  const [verbs = [], ...rest] = line.split(' ').map((part) => part.split(','));
  const [first = [], resources, resourceNames] = rest;
  if (!resources) return { verbs, nonResourceURLs: first };
  const apiGroups = first.map((group) => (group === 'core' ? '' : group));
  return { verbs, apiGroups, resources, ...(resourceNames && { resourceNames }) };
}

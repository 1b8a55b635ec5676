/** The order in which discovery lists groups; clients take the first that knows a name. */
// Like kube-apiserver pkg/controlplane/apiserver/aggregator.go priorities.
const order = [
  '',
  'apiregistration.k8s.io',
  'apps',
  'events.k8s.io',
  'authentication.k8s.io',
  'authorization.k8s.io',
  'autoscaling',
  'batch',
  'certificates.k8s.io',
  'networking.k8s.io',
  'policy',
  'rbac.authorization.k8s.io',
  'storage.k8s.io',
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'scheduling.k8s.io',
  'coordination.k8s.io',
  'node.k8s.io',
  'discovery.k8s.io',
  'resource.k8s.io',
  'flowcontrol.apiserver.k8s.io',
];

const rank = new Map(order.map((group, index) => [group, index]));

/** Built-in groups as upstream has them, then the others by name. */
export const inGroupOrder = <T extends { group: string }>(groups: readonly T[]): T[] =>
  [...groups].sort(
    (a, b) => (rank.get(a.group) ?? order.length) - (rank.get(b.group) ?? order.length) || (a.group < b.group ? -1 : 1),
  );

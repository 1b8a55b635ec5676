/** What can be done with resources and subresources, for discovery. */
import type { Kind } from '../../kinds/define-kind.ts';

const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

export const verbsOf = ({ verbs }: Kind): readonly string[] => [...(verbs ?? allVerbs)].sort();

export interface Subresource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly verbs: readonly string[];
}

const change = ['get', 'patch', 'update'];
const connect = ['create', 'get'];
const proxied = ['create', 'delete', 'get', 'patch', 'update'];

/** Types of subresources that are not the resource's own; a missing group or version is the resource's. */
const others = new Map<string, Partial<Subresource> & { verbs: readonly string[] }>([
  ['scale', { group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: change }],
  ['eviction', { group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] }],
  ['token', { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest', verbs: ['create'] }],
  ['binding', { kind: 'Binding', verbs: ['create'] }],
  ['log', { verbs: ['get'] }],
  ['finalize', { verbs: ['update'] }],
  ['exec', { kind: 'PodExecOptions', verbs: connect }],
  ['attach', { kind: 'PodAttachOptions', verbs: connect }],
  ['portforward', { kind: 'PodPortForwardOptions', verbs: connect }],
]);

const proxyKinds = new Map([
  ['pods', 'PodProxyOptions'],
  ['services', 'ServiceProxyOptions'],
  ['nodes', 'NodeProxyOptions'],
]);

export function subresourceOf({ group, version, kind, plural }: Kind, name: string): Subresource {
  if (name === 'proxy') return { group, version, kind: proxyKinds.get(plural) ?? kind, verbs: proxied };
  return { group, version, kind, verbs: change, ...others.get(name) };
}

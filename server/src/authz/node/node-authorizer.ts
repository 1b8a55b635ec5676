/** What a node may do: tell of itself, and read what its pods need. */
// Like plugin/pkg/auth/authorizer/node. It never says no: who has more by roles has more.
import type { V1PersistentVolumeClaim } from '@kubernetes/client-node';
import { parseFieldSelector, requiredFieldValue } from '@naru/api/field-selector';
import type { Reader } from '../../admission/reader.ts';
import type { User } from '../../authn/user.ts';
import { fieldsOf } from '../../kinds/fields.ts';
import type { Attributes, Authorizer, Decision } from '../authorize.ts';
import { parseRule } from '../defaults/parse-rule.ts';
import { nodeRules } from '../defaults/system-roles.ts';
import { ruleAllows } from '../rbac/rule-allows.ts';
import { accountOf, claimsOf, usesConfigMap, usesSecret } from './pod-references.ts';
import type { PodsOnNodes } from './pods-on-nodes.ts';

type Asked = Extract<Attributes, { resource: string }>;

export interface NodeAuthorizerOptions {
  readonly pods: PodsOnNodes;
  readonly reader: Reader;
}

const userPrefix = 'system:node:';
const nodesGroup = 'system:nodes';
const leaseNamespace = 'kube-node-lease';
const allow: Decision = { opinion: 'allow' };
const none: Decision = { opinion: 'none' };
const noOpinion = (reason: string): Decision => ({ opinion: 'none', reason });

const usual = nodeRules.map(parseRule);
const byRules = (asked: Attributes): Decision => (usual.some((rule) => ruleAllows(rule, asked)) ? allow : none);

const reads = ['get', 'list', 'watch'];
const ownVerbs = ['get', 'create', 'update', 'patch', 'delete'];

/** Undefined for whoever is no node. */
function nodeNameOf({ name, groups }: User): string | undefined {
  return name.startsWith(userPrefix) && groups.includes(nodesGroup) ? name.slice(userPrefix.length) : undefined;
}

export function nodeAuthorizer(options: NodeAuthorizerOptions): Authorizer {
  return (attributes) => {
    const nodeName = nodeNameOf(attributes.user);
    if (nodeName === undefined) return none;
    return 'path' in attributes ? byRules(attributes) : decide(nodeName, attributes, options);
  };
}

function decide(nodeName: string, asked: Asked, options: NodeAuthorizerOptions): Decision {
  switch (asked.group ? `${asked.resource}.${asked.group}` : asked.resource) {
    case 'secrets':
    case 'configmaps':
      return readForPods(nodeName, asked, options);
    case 'persistentvolumeclaims':
      return asked.subresource === 'status'
        ? ofClaimStatus(nodeName, asked, options)
        : getForPods(nodeName, asked, options);
    case 'persistentvolumes':
    case 'volumeattachments.storage.k8s.io':
    case 'resourceclaims.resource.k8s.io':
      return getForPods(nodeName, asked, options);
    case 'serviceaccounts':
      return createToken(nodeName, asked, options);
    case 'leases.coordination.k8s.io':
      return ownLease(nodeName, asked);
    case 'csinodes.storage.k8s.io':
      return ownCsiNode(nodeName, asked);
    case 'resourceslices.resource.k8s.io':
      return ownSlices(nodeName, asked);
    case 'nodes':
      return ownNode(nodeName, asked);
    case 'pods':
      return ownPods(nodeName, asked, options);
    default:
      return byRules(asked);
  }
}

function readForPods(nodeName: string, asked: Asked, options: NodeAuthorizerOptions): Decision {
  if (!reads.includes(asked.verb)) return noOpinion('can only read resources of this type');
  if (asked.subresource) return noOpinion('cannot read subresource');
  if (!asked.namespace) return noOpinion('can only read namespaced object of this type');
  return related(nodeName, asked, options);
}

function getForPods(nodeName: string, asked: Asked, options: NodeAuthorizerOptions): Decision {
  if (asked.verb !== 'get') return noOpinion('can only get individual resources of this type');
  if (asked.subresource) return noOpinion('cannot get subresource');
  return related(nodeName, asked, options);
}

function ofClaimStatus(nodeName: string, asked: Asked, options: NodeAuthorizerOptions): Decision {
  if (!['get', 'update', 'patch'].includes(asked.verb)) return noOpinion('can only get/update/patch this type');
  return related(nodeName, asked, options);
}

function createToken(nodeName: string, asked: Asked, options: NodeAuthorizerOptions): Decision {
  if (asked.verb !== 'create' || !asked.name)
    return noOpinion('can only create tokens for individual service accounts');
  if (asked.subresource !== 'token') return noOpinion('can only create token subresource of serviceaccount');
  return related(nodeName, asked, options);
}

function related(nodeName: string, asked: Asked, options: NodeAuthorizerOptions): Decision {
  if (!asked.name) return noOpinion('No Object name found');
  if (isRelated(nodeName, asked, options)) return allow;
  return noOpinion(`no relationship found between node '${nodeName}' and this object`);
}

function isRelated(nodeName: string, { resource, namespace, name }: Asked, { pods, reader }: NodeAuthorizerOptions) {
  if (resource === 'persistentvolumes') return usesVolume(nodeName, name, { pods, reader });
  for (const pod of pods.on(nodeName, namespace)) {
    if (resource === 'secrets' && usesSecret(pod, name)) return true;
    if (resource === 'configmaps' && usesConfigMap(pod, name)) return true;
    if (resource === 'persistentvolumeclaims' && claimsOf(pod).includes(name)) return true;
    if (resource === 'serviceaccounts' && accountOf(pod) === name) return true;
  }
  return false;
}

function usesVolume(nodeName: string, volume: string, { pods, reader }: NodeAuthorizerOptions): boolean {
  for (const pod of pods.on(nodeName, '')) {
    const namespace = pod.metadata.namespace ?? '';
    for (const claimName of claimsOf(pod)) {
      const claim = reader.find('persistentvolumeclaims', namespace, claimName);
      if (claim && fieldsOf<V1PersistentVolumeClaim>(claim).spec?.volumeName === volume) return true;
    }
  }
  return false;
}

function ownLease(nodeName: string, { verb, namespace, name }: Asked): Decision {
  if (!ownVerbs.includes(verb)) return noOpinion('can only get, create, update, patch, or delete a node lease');
  if (namespace !== leaseNamespace)
    return noOpinion(`can only access leases in the "${leaseNamespace}" system namespace`);
  if (verb !== 'create' && name !== nodeName)
    return noOpinion('can only access node lease with the same name as the requesting node');
  return allow;
}

function ownCsiNode(nodeName: string, { verb, subresource, name }: Asked): Decision {
  if (!ownVerbs.includes(verb)) return noOpinion('can only get, create, update, patch, or delete a CSINode');
  if (subresource) return noOpinion('cannot authorize CSINode subresources');
  if (verb !== 'create' && name !== nodeName)
    return noOpinion('can only access CSINode with the same name as the requesting node');
  return allow;
}

function ownSlices(nodeName: string, asked: Asked): Decision {
  if (!['list', 'watch', 'deletecollection'].includes(asked.verb)) return byRules(asked);
  if (selected(asked, 'spec.nodeName') === nodeName) return allow;
  return noOpinion('can only list/watch/deletecollection resourceslices with nodeName field selector');
}

function ownNode(nodeName: string, asked: Asked): Decision {
  if (asked.subresource || !reads.includes(asked.verb) || asked.name === nodeName) return byRules(asked);
  const what = asked.name ? `'${asked.name}'` : 'all nodes';
  return noOpinion(`node '${nodeName}' cannot read ${what}, only its own Node object`);
}

function ownPods(nodeName: string, asked: Asked, { reader }: NodeAuthorizerOptions): Decision {
  const { verb, subresource, namespace, name } = asked;
  if (subresource || !reads.includes(verb)) return byRules(asked);
  if (verb === 'get' || name) {
    const pod = reader.find('pods', namespace, name);
    const spec = pod?.['spec'] as { nodeName?: string } | undefined;
    return spec?.nodeName === nodeName
      ? allow
      : noOpinion(`no relationship found between node '${nodeName}' and this object`);
  }
  if (selected(asked, 'spec.nodeName') === nodeName) return allow;
  return noOpinion('can only list/watch pods with spec.nodeName field selector');
}

/** The one value a field may have; a selector that cannot be read selects nothing here. */
function selected({ fieldSelector }: Asked, field: string): string | undefined {
  try {
    return fieldSelector ? requiredFieldValue(parseFieldSelector(fieldSelector), field) : undefined;
  } catch {
    return undefined;
  }
}

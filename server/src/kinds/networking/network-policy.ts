/** NetworkPolicy: who may speak to pods, and to whom they may speak. */
// Like pkg/registry/networking/networkpolicy and ValidateNetworkPolicy.
import type {
  V1IPBlock,
  V1NetworkPolicy,
  V1NetworkPolicyPeer,
  V1NetworkPolicyPort,
  V1NetworkPolicySpec,
} from '@kubernetes/client-node';
import { FieldErrors } from '@naru/api/field-errors';
import { goQuote } from '@naru/api/go-values';
import { canonicalCIDR, checkCIDR, networkContains, parseCIDR } from '@naru/api/ip-addresses';
import { checkPortName, checkPortNumber } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { defineKind } from '../define-kind.ts';
import { fieldsOf } from '../fields.ts';
import type { Fields } from '../fields.ts';
import { formatLabelSelector, validateLabelSelector } from '../label-selectors.ts';

type Spec = Fields<V1NetworkPolicySpec>;
type Port = Fields<V1NetworkPolicyPort>;
type Peer = Fields<V1NetworkPolicyPeer>;
type IPBlock = Fields<V1IPBlock>;

const policyTypes = ['Ingress', 'Egress'];
const policyProtocols = ['TCP', 'UDP', 'SCTP'];

const specOf = (object: AnyObject): Spec => fieldsOf<V1NetworkPolicy>(object).spec ?? {};

export const networkPolicy = defineKind({
  group: 'networking.k8s.io',
  kind: 'NetworkPolicy',
  plural: 'networkpolicies',
  shortNames: ['netpol'],
  schema: 'k8s.io.api.networking.v1.NetworkPolicy',
  generation: true,

  setDefaults(object) {
    const spec = (fieldsOf<V1NetworkPolicy>(object).spec ??= {});
    for (const { ports } of rulesOf(spec)) for (const port of ports) port.protocol ??= 'TCP';
    if (spec.policyTypes?.length) return;
    spec.policyTypes = spec.egress?.length ? ['Ingress', 'Egress'] : ['Ingress'];
  },

  validate: (object) => validateSpec(specOf(object)).list,
  validateUpdate: (object) => validateSpec(specOf(object)).list,

  warnings: (object) => rulesOf(specOf(object)).flatMap(spellingWarnings),

  columns: [{ name: 'Pod-Selector', value: (object) => formatLabelSelector(specOf(object).podSelector) }],

  example: {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'example' },
    spec: { podSelector: { matchLabels: { app: 'example' } }, policyTypes: ['Ingress'] },
  },
});

interface Rule {
  path: string;
  ports: Port[];
  peersPath: string;
  peers: Peer[];
}

/** The rules of both directions, each with where it stands. */
const rulesOf = ({ ingress, egress }: Spec): Rule[] => [
  ...(ingress ?? []).map(({ ports, from }, index) => rule(`spec.ingress[${index}]`, 'from', ports, from)),
  ...(egress ?? []).map(({ ports, to }, index) => rule(`spec.egress[${index}]`, 'to', ports, to)),
];

const rule = (path: string, peersField: string, ports: Port[] | undefined, peers: Peer[] | undefined): Rule => ({
  path,
  ports: ports ?? [],
  peersPath: `${path}.${peersField}`,
  peers: peers ?? [],
});

function validateSpec(spec: Spec): FieldErrors {
  const errors = new FieldErrors();
  validateLabelSelector(spec.podSelector, 'spec.podSelector', errors);
  for (const { path, ports, peersPath, peers } of rulesOf(spec)) {
    ports.forEach((port, index) => validatePort(port, `${path}.ports[${index}]`, errors));
    peers.forEach((peer, index) => validatePeer(peer, `${peersPath}[${index}]`, errors));
  }
  const types = spec.policyTypes ?? [];
  if (types.length > policyTypes.length)
    errors.invalid('spec.policyTypes', types, 'may not specify more than two policyTypes');
  else
    types.forEach((type, index) => {
      if (!policyTypes.includes(type)) errors.notSupported(`spec.policyTypes[${index}]`, type, policyTypes);
    });
  return errors;
}

function validatePort({ protocol, port, endPort }: Port, path: string, errors: FieldErrors): void {
  if (protocol !== undefined && !policyProtocols.includes(protocol))
    errors.notSupported(`${path}.protocol`, protocol, policyProtocols);
  const refuseRange = (why: string) =>
    endPort !== undefined && errors.invalid(`${path}.endPort`, endPort, `may not be specified when \`port\` is ${why}`);
  if (port === undefined) return void refuseRange('not specified');
  if (typeof port === 'string') {
    refuseRange('non-numeric');
    return errors.invalidEach(`${path}.port`, port, checkPortName(port));
  }
  errors.invalidEach(`${path}.port`, port, checkPortNumber(port));
  if (endPort === undefined) return;
  if (endPort < port) errors.invalid(`${path}.endPort`, port, 'must be greater than or equal to `port`');
  errors.invalidEach(`${path}.endPort`, endPort, checkPortNumber(endPort));
}

function validatePeer({ podSelector, namespaceSelector, ipBlock }: Peer, path: string, errors: FieldErrors): void {
  validateLabelSelector(podSelector, `${path}.podSelector`, errors);
  validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, errors);
  if (ipBlock) validateIPBlock(ipBlock, `${path}.ipBlock`, errors);
  if (!podSelector && !namespaceSelector && !ipBlock) errors.required(path, 'must specify a peer');
  else if (ipBlock && (podSelector ?? namespaceSelector))
    errors.forbidden(path, 'may not specify both ipBlock and another peer');
}

function validateIPBlock({ cidr = '', except = [] }: IPBlock, path: string, errors: FieldErrors): void {
  if (!cidr) return errors.required(`${path}.cidr`);
  errors.invalidEach(`${path}.cidr`, cidr, checkCIDR(cidr));
  const block = parseCIDR(cidr);
  if (!block) return;
  except.forEach((text, index) => {
    const at = `${path}.except[${index}]`;
    errors.invalidEach(at, text, checkCIDR(text));
    const hole = parseCIDR(text);
    if (hole && (!networkContains(block, hole.address) || block.bits >= hole.bits))
      errors.invalid(at, text, 'must be a strict subset of `cidr`');
  });
}

function spellingWarnings({ peers, peersPath }: Rule): string[] {
  return peers.flatMap(({ ipBlock }, index) => {
    if (!ipBlock) return [];
    const path = `${peersPath}[${index}].ipBlock`;
    return [
      ...spellingWarning(`${path}.cidr`, ipBlock.cidr ?? ''),
      ...(ipBlock.except ?? []).flatMap((text, at) => spellingWarning(`${path}.except[${at}]`, text)),
    ];
  });
}

function spellingWarning(path: string, cidr: string): string[] {
  const canonical = canonicalCIDR(cidr);
  if (parseCIDR(cidr)?.family !== 'IPv6' || canonical === cidr) return [];
  return [`${path}: IPv6 CIDR value ${goQuote(cidr)} should be in RFC 5952 canonical format (${goQuote(canonical)})`];
}

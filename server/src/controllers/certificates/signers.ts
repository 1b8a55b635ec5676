/** What Kubernetes' own signers sign. Pure: each says what is wrong with a request. */
// Like pkg/controller/certificates/signer and pkg/apis/certificates helpers.go.
import type { AskedCertificate } from './asked-certificate.ts';

type Names = Omit<AskedCertificate, 'request'>;
type Refusal = string | undefined;
export type Signer = (asked: Names, usages: readonly string[]) => Refusal;

export const kubeletClientSigner = 'kubernetes.io/kube-apiserver-client-kubelet';
const nodesGroup = 'system:nodes';
const nodePrefix = 'system:node:';

function forClients(_asked: Names, usages: readonly string[]): Refusal {
  const allowed = ['digital signature', 'key encipherment', 'client auth'];
  const other = usages.find((usage) => !allowed.includes(usage));
  if (other !== undefined) return `invalid usage for client certificate: ${other}`;
  if (!usages.includes('client auth')) return 'missing required usage for client certificate: client auth';
  return undefined;
}

export const forKubeletClients: Signer = (asked, usages) =>
  notOfNodes(asked) ??
  unwantedNames(asked, ['DNS', 'Email', 'IP', 'URI']) ??
  notOfNode(asked) ??
  otherUsages(usages, 'client auth');

const forKubeletServers: Signer = (asked, usages) =>
  notOfNodes(asked) ??
  (asked.dnsNames.length || asked.addresses.length ? undefined : 'DNS or IP subjectAltName is required') ??
  unwantedNames(asked, ['Email', 'URI']) ??
  otherUsages(usages, 'server auth') ??
  notOfNode(asked);

export const signers: ReadonlyMap<string, Signer> = new Map([
  ['kubernetes.io/kube-apiserver-client', forClients],
  [kubeletClientSigner, forKubeletClients],
  ['kubernetes.io/kubelet-serving', forKubeletServers],
]);

const notOfNodes = ({ organizations }: Names): Refusal =>
  organizations.length === 1 && organizations[0] === nodesGroup
    ? undefined
    : `subject organization is not ${nodesGroup}`;

const notOfNode = ({ commonName }: Names): Refusal =>
  commonName.startsWith(nodePrefix) ? undefined : `subject common name does not begin with ${nodePrefix}`;

type NameSort = 'DNS' | 'Email' | 'IP' | 'URI';

function unwantedNames({ dnsNames, emails, addresses, uris }: Names, unwanted: readonly NameSort[]): Refusal {
  const given: Record<NameSort, readonly string[]> = { DNS: dnsNames, Email: emails, IP: addresses, URI: uris };
  const found = unwanted.find((sort) => given[sort].length > 0);
  return found && `${found} subjectAltNames are not allowed`;
}

/** Newer keys need no encipherment. */
function otherUsages(usages: readonly string[], main: string): Refusal {
  const required = ['digital signature', main];
  const rest = usages.filter((usage) => usage !== 'key encipherment');
  const isSame = rest.length === required.length && required.every((usage) => rest.includes(usage));
  return isSame ? undefined : `usages did not match [${main} digital signature key encipherment]`;
}

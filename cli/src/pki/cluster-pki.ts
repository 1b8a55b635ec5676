/** The keys and certificates of a cluster's data directory: made once, renewed when they run out or their names change. */
// File names are kubeadm's, so that what people know of /etc/kubernetes/pki holds here.
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import {
  createAuthority,
  expiryOf,
  issue,
  namesOf,
  organizationsOf,
  type KeyPair,
  type LeafRequest,
} from './certificates.ts';
import { kubeconfig } from './kubeconfig.ts';
import { assertPrivate, makePrivateDirectory, readOrMake, writePrivateFile } from './private-files.ts';

export interface ClusterPki {
  clusterId: string;
  /** Text of the administrator's kubeconfig; the caller decides when it appears. */
  adminKubeconfig: string;
}

export interface PkiRequest {
  dataDirectory: string;
  port: number;
  /** Names and addresses under which the API is reached, beside the cluster's own. */
  serverNames: readonly string[];
  nodes: readonly { name: string; addresses: readonly string[]; playsMany: boolean }[];
  now: number;
}

const renewBefore = 60 * 24 * 3600_000;
const clusterNames = [
  'kubernetes',
  'kubernetes.default',
  'kubernetes.default.svc',
  'kubernetes.default.svc.cluster.local',
  'localhost',
];

/** Completes `dataDirectory/pki`, the nodes' credentials and the cluster's id. Throws when a key is readable by others. */
export async function ensurePki({ dataDirectory, port, serverNames, nodes, now }: PkiRequest): Promise<ClusterPki> {
  makePrivateDirectory(dataDirectory);
  assertPrivate(dataDirectory);
  const pki = join(dataDirectory, 'pki');
  const authority = await ensureAuthority(pki, now);
  const leaf = (path: string, request: LeafRequest) => ensureLeaf(path, authority, request, now);
  const server = `https://127.0.0.1:${port}`;
  const configOf = ({ certificate, key }: KeyPair, userName: string) =>
    kubeconfig({ server, clusterName: 'naru', userName, authority: authority.certificate, certificate, key });

  await leaf(join(pki, 'apiserver'), serverRequest('kube-apiserver', [...clusterNames, ...serverNames]));
  await leaf(join(pki, 'apiserver-kubelet-client'), {
    commonName: 'kube-apiserver-kubelet-client',
    organizations: ['system:masters'],
    usages: ['client'],
  });
  await ensureServiceAccountKey(pki);
  for (const { name, addresses, playsMany } of nodes) {
    const directory = join(dataDirectory, 'nodes', name);
    const identity = `system:node:${name}`;
    await leaf(join(directory, 'kubelet'), serverRequest(identity, [name, ...addresses]));
    const client = await leaf(join(directory, 'kubelet-client'), {
      commonName: identity,
      // The groups name what an agent does beside what a kubelet does; roles of the same names are bound to them.
      organizations: ['system:nodes', 'system:naru:agents', ...(playsMany ? ['system:naru:fleets'] : [])],
      usages: ['client'],
    });
    writePrivateFile(join(directory, 'kubelet.kubeconfig'), configOf(client, identity));
  }
  const admin = await leaf(join(pki, 'admin'), {
    commonName: 'kubernetes-admin',
    organizations: ['system:masters'],
    usages: ['client'],
  });
  const clusterId = (
    await readOrMake(join(dataDirectory, 'cluster-id'), () => `${randomBytes(4).toString('hex')}\n`)
  ).trim();
  return { clusterId, adminKubeconfig: configOf(admin, 'admin') };
}

const serverRequest = (commonName: string, names: readonly string[]): LeafRequest => ({
  commonName,
  dnsNames: names.filter((name) => !isIP(name)),
  ipAddresses: [...new Set(['127.0.0.1', ...names.filter((name) => isIP(name))])],
  usages: ['server'],
});

async function ensureAuthority(pki: string, now: number): Promise<KeyPair> {
  const [certificatePath, keyPath] = [join(pki, 'ca.crt'), join(pki, 'ca.key')];
  if (existsSync(certificatePath) && existsSync(keyPath)) {
    assertPrivate(keyPath);
    return { certificate: readFileSync(certificatePath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
  }
  const authority = await createAuthority('naru-ca', now);
  writePrivateFile(certificatePath, authority.certificate);
  writePrivateFile(keyPath, authority.key);
  return authority;
}

async function ensureLeaf(path: string, authority: KeyPair, request: LeafRequest, now: number): Promise<KeyPair> {
  const [certificatePath, keyPath] = [`${path}.crt`, `${path}.key`];
  if (existsSync(certificatePath) && existsSync(keyPath)) {
    assertPrivate(keyPath);
    const pair = { certificate: readFileSync(certificatePath, 'utf8'), key: readFileSync(keyPath, 'utf8') };
    if (stillGood(pair.certificate, request, now)) return pair;
  }
  const pair = await issue(authority, request, now);
  writePrivateFile(certificatePath, pair.certificate);
  writePrivateFile(keyPath, pair.key);
  return pair;
}

function stillGood(certificate: string, request: LeafRequest, now: number): boolean {
  const names = new Set(namesOf(certificate));
  const wanted = [...(request.dnsNames ?? []), ...(request.ipAddresses ?? [])];
  const groups = organizationsOf(certificate);
  return (
    expiryOf(certificate) - now > renewBefore &&
    wanted.every((name) => names.has(name)) &&
    groups.join() === (request.organizations ?? []).join()
  );
}

// RSA, because verifiers of service-account tokens everywhere expect RS256.
async function ensureServiceAccountKey(pki: string): Promise<void> {
  const [privatePath, publicPath] = [join(pki, 'sa.key'), join(pki, 'sa.pub')];
  if (existsSync(privatePath) && existsSync(publicPath)) return assertPrivate(privatePath);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writePrivateFile(privatePath, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
  writePrivateFile(publicPath, publicKey.export({ type: 'spki', format: 'pem' }) as string);
}

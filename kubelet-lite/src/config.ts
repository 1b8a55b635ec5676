/** The only reader of flags, of the data directory's credentials, and of process.env. */
import { readFile } from 'node:fs/promises';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Connection } from '@naru/api/client/connection';
import { readKubeconfig } from '@naru/api/client/kubeconfig';

export interface Config {
  readonly dataDir: string;
  /** Of the API; empty: what the kubeconfig says. */
  readonly server: string;
  readonly nodeName: string;
  readonly nodeIp: string;
  /** Eight hexadecimal digits. */
  readonly clusterId: string;
  readonly runtime: 'docker' | 'fake';
  /** More than one only where nothing really runs. */
  readonly nodes: number;
  readonly dockerSocket: string;
  /** Of the kubelet API. */
  readonly port: number;
  readonly clusterDns: string;
  readonly clusterDomain: string;
  readonly serviceCidr: string;
  readonly kubeconfig: string;
  readonly logLevel: string;
  readonly allowedUnsafeSysctls: readonly string[];
  readonly maxPods: number;
  /** Remove everything of this node from the host, and end. */
  readonly teardown: boolean;
}

const options = {
  'data-dir': { type: 'string' },
  server: { type: 'string', default: '' },
  'node-name': { type: 'string' },
  'node-ip': { type: 'string' },
  'cluster-id': { type: 'string' },
  runtime: { type: 'string', default: 'docker' },
  nodes: { type: 'string', default: '1' },
  'docker-socket': { type: 'string', default: '/var/run/docker.sock' },
  port: { type: 'string', default: '10250' },
  'cluster-dns': { type: 'string', default: '10.96.0.10' },
  'cluster-domain': { type: 'string', default: 'cluster.local' },
  'service-cluster-ip-range': { type: 'string', default: '10.96.0.0/16' },
  kubeconfig: { type: 'string' },
  'log-level': { type: 'string', default: 'info' },
  'allowed-unsafe-sysctls': { type: 'string', default: '' },
  'max-pods': { type: 'string', default: '110' },
  teardown: { type: 'boolean', default: false },
} as const;

/** Throws Error that says which flag is wrong. */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({ args: [...args], options, strict: true });
  if (!values['data-dir']) throw new Error('--data-dir is required');
  const dataDir = resolve(values['data-dir']);
  const { runtime } = values;
  if (runtime !== 'docker' && runtime !== 'fake') throw new Error(`--runtime must be docker or fake, not ${runtime}`);
  const nodes = wholeNumber('--nodes', values.nodes, 100_000);
  if (nodes > 1 && runtime !== 'fake') throw new Error('--nodes needs --runtime fake: one machine is one node');
  const nodeName = values['node-name'] ?? hostname().toLowerCase();
  return {
    dataDir,
    server: values.server,
    nodeName,
    nodeIp: values['node-ip'] ?? ownAddress(),
    clusterId: values['cluster-id'] ?? clusterIdOf(dataDir),
    runtime,
    nodes,
    dockerSocket: values['docker-socket'],
    port: wholeNumber('--port', values.port, 65_535),
    clusterDns: values['cluster-dns'],
    clusterDomain: values['cluster-domain'],
    serviceCidr: values['service-cluster-ip-range'],
    kubeconfig: values.kubeconfig ?? kubeconfigOf(dataDir, nodeName, nodes),
    logLevel: values['log-level'],
    allowedUnsafeSysctls: values['allowed-unsafe-sysctls'].split(',').filter(Boolean),
    maxPods: wholeNumber('--max-pods', values['max-pods'], 100_000),
    teardown: values.teardown,
  };
}

function clusterIdOf(dataDir: string): string {
  const path = join(dataDir, 'cluster-id');
  if (!existsSync(path)) throw new Error(`--cluster-id is required: ${path} is not there`);
  return readFileSync(path, 'utf8').trim();
}

/** A node speaks for itself alone; who plays many nodes needs an administrator's word. */
function kubeconfigOf(dataDir: string, nodeName: string, nodes: number): string {
  if (nodes === 1) return join(dataDir, 'nodes', nodeName, 'kubelet.kubeconfig');
  const early = join(dataDir, 'run/admin.kubeconfig');
  return existsSync(early) ? early : join(dataDir, 'admin.kubeconfig');
}

function wholeNumber(flag: string, text: string, most: number): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > most)
    throw new Error(`${flag} must be a whole number from 1 to ${most}, not ${text}`);
  return number;
}

/** Interfaces whose addresses mean nothing outside this machine. */
const localInterface = /^(docker|br-|veth|virbr|cni|nr)/;

function ownAddress(): string {
  const candidates = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.filter(({ internal, family }) => !internal && family === 'IPv4' && !localInterface.test(name)),
  );
  return candidates[0]?.address ?? '127.0.0.1';
}

export interface Credentials {
  connection: Connection;
  /** PEM: what the kubelet API shows, and whose clients it trusts. */
  tls: { cert: Buffer; key: Buffer; ca: Buffer };
}

/** Throws Error that names the file that is missing. */
export async function readCredentials({ dataDir, nodeName, server, kubeconfig }: Config): Promise<Credentials> {
  const connection = await readKubeconfig(kubeconfig);
  const node = join(dataDir, 'nodes', nodeName);
  const [cert, key, ca] = await Promise.all(
    [join(node, 'kubelet.crt'), join(node, 'kubelet.key'), join(dataDir, 'pki/ca.crt')].map((path) => readFile(path)),
  );
  if (!cert || !key || !ca) throw new Error('credentials are not complete');
  return { connection: { ...connection, ...(server && { server }) }, tls: { cert, key, ca } };
}

/** What no pod ever mounts: with every link followed, because that is how mounts are judged. */
export function protectedPaths({ dataDir, dockerSocket }: Config): string[] {
  const real = (path: string) => {
    try {
      return realpathSync(path);
    } catch {
      return path;
    }
  };
  return [...new Set([dataDir, dockerSocket].flatMap((path) => [path, real(path)]))];
}

/** The only reader of flags and of process.env. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { networkInterfaces } from 'node:os';
import { parseArgs } from 'node:util';

export interface Config {
  readonly dataDir: string;
  readonly port: number;
  readonly bindAddress: string;
  readonly advertiseAddress: string;
  readonly serviceClusterIpRange: string;
  readonly serviceNodePortRange: { readonly low: number; readonly high: number };
  readonly podCidr: string;
  /** Of the dashboard's own listener; 0: no dashboard. */
  readonly dashboardPort: number;
  /** Where the built page lies; it may be built later. */
  readonly dashboardDir: string;
  readonly store: 'journal' | 'memory';
  readonly logLevel: string;
}

const options = {
  'data-dir': { type: 'string' },
  port: { type: 'string', default: '6443' },
  'bind-address': { type: 'string', default: '0.0.0.0' },
  'advertise-address': { type: 'string' },
  'service-cluster-ip-range': { type: 'string', default: '10.96.0.0/16' },
  'service-node-port-range': { type: 'string', default: '30000-32767' },
  'pod-cidr': { type: 'string', default: '10.244.0.0/16' },
  'dashboard-port': { type: 'string', default: '0' },
  'dashboard-dir': { type: 'string', default: 'dashboard/dist/browser' },
  store: { type: 'string', default: 'journal' },
  'log-level': { type: 'string', default: 'info' },
} as const;

/** Throws Error that says which flag is wrong. */
export function readConfig(args: readonly string[]): Config {
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const dataDir = values['data-dir'];
  if (!dataDir) throw new Error('--data-dir is required');
  if (values.store !== 'journal' && values.store !== 'memory')
    throw new Error(`--store must be journal or memory, not ${values.store}`);
  return {
    dataDir,
    port: portNumber('--port', values.port),
    bindAddress: values['bind-address'],
    advertiseAddress: values['advertise-address'] ?? ownAddress(),
    serviceClusterIpRange: values['service-cluster-ip-range'],
    serviceNodePortRange: portRange(values['service-node-port-range']),
    podCidr: values['pod-cidr'],
    dashboardPort: portNumber('--dashboard-port', values['dashboard-port']),
    dashboardDir: path.resolve(values['dashboard-dir']),
    store: values.store,
    logLevel: values['log-level'],
  };
}

/** Interfaces whose addresses mean nothing outside this machine. */
const localInterface = /^(docker|br-|veth|virbr|cni|naru)/;

/** The address under which others most likely reach this machine; the loopback address when there is none. */
function ownAddress(): string {
  const candidates = Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    addresses.filter(({ internal, family }) => !internal && family === 'IPv4' && !localInterface.test(name)),
  );
  return candidates[0]?.address ?? '127.0.0.1';
}

function portNumber(flag: string, text: string): number {
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65535) throw new Error(`${flag} must be a port number, not ${text}`);
  return port;
}

function portRange(text: string): { low: number; high: number } {
  const [low = '', high = ''] = text.split('-');
  const range = {
    low: portNumber('--service-node-port-range', low),
    high: portNumber('--service-node-port-range', high),
  };
  if (range.low > range.high) throw new Error(`--service-node-port-range must grow: ${text}`);
  return range;
}

/** What cli/ prepared in the data directory. */
export interface Credentials {
  readonly tls: { readonly cert: Buffer; readonly key: Buffer; readonly ca: Buffer };
  /** What the server shows to kubelets. */
  readonly kubeletClient: { readonly cert: Buffer; readonly key: Buffer };
  readonly serviceAccount: { readonly privateKey: string; readonly publicKey: string };
}

export async function readCredentials(dataDir: string): Promise<Credentials> {
  const read = (name: string) => readFile(path.join(dataDir, 'pki', name));
  const [cert, key, ca, kubeletCert, kubeletKey, privateKey, publicKey] = await Promise.all(
    [
      'apiserver.crt',
      'apiserver.key',
      'ca.crt',
      'apiserver-kubelet-client.crt',
      'apiserver-kubelet-client.key',
      'sa.key',
      'sa.pub',
    ].map(read),
  );
  return {
    tls: { cert: cert!, key: key!, ca: ca! },
    kubeletClient: { cert: kubeletCert!, key: kubeletKey! },
    serviceAccount: { privateKey: privateKey!.toString(), publicKey: publicKey!.toString() },
  };
}

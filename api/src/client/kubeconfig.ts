/** Reads how to reach a cluster out of a kubeconfig file, as kubectl does. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Connection } from './connection.ts';

interface ClusterEntry {
  name: string;
  cluster?: {
    server?: string;
    'certificate-authority'?: string;
    'certificate-authority-data'?: string;
    'insecure-skip-tls-verify'?: boolean;
    'tls-server-name'?: string;
  };
}

interface UserEntry {
  name: string;
  user?: {
    'client-certificate'?: string;
    'client-certificate-data'?: string;
    'client-key'?: string;
    'client-key-data'?: string;
    token?: string;
    tokenFile?: string;
  };
}

interface Kubeconfig {
  clusters?: ClusterEntry[];
  users?: UserEntry[];
  contexts?: { name: string; context?: { cluster?: string; user?: string; namespace?: string } }[];
  'current-context'?: string;
}

/** The connection of `context`, or of the file's current context. Throws a plain Error that names the file when it says nothing usable. */
export async function readKubeconfig(path: string, context?: string): Promise<Connection> {
  // Loaded only here: a server and an agent with a token in hand never need a YAML parser for this.
  const { parse } = await import('yaml');
  const file = parse(await readFile(path, 'utf8')) as Kubeconfig | null;
  const name = context ?? file?.['current-context'];
  const chosen = file?.contexts?.find((entry) => entry.name === name)?.context;
  const cluster = file?.clusters?.find((entry) => entry.name === chosen?.cluster)?.cluster;
  if (!cluster?.server) throw new Error(`${path}: context "${name ?? ''}" names no cluster with a server`);
  const user = file?.users?.find((entry) => entry.name === chosen?.user)?.user ?? {};
  const text = async (data: string | undefined, file: string | undefined) => {
    if (data) return Buffer.from(data, 'base64').toString('utf8');
    return file ? readFile(resolve(dirname(path), file), 'utf8') : undefined;
  };
  const authority = await text(cluster['certificate-authority-data'], cluster['certificate-authority']);
  const certificate = await text(user['client-certificate-data'], user['client-certificate']);
  const key = await text(user['client-key-data'], user['client-key']);
  const { token, tokenFile } = user;
  return {
    server: cluster.server,
    ...(authority && { authority }),
    ...(certificate && { certificate }),
    ...(key && { key }),
    ...(token && { token: () => token }),
    ...(!token &&
      tokenFile && { token: async () => (await readFile(resolve(dirname(path), tokenFile), 'utf8')).trim() }),
    ...(cluster['tls-server-name'] && { serverName: cluster['tls-server-name'] }),
    ...(cluster['insecure-skip-tls-verify'] && { skipVerification: true }),
  };
}

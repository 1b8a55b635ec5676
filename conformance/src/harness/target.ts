/** The cluster that a suite runs against: where its kubeconfig is, and how to reach it without kubectl. */
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:https';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';

export interface Target {
  kubeconfig: string;
  dataDirectory: string;
  server: URL;
  /** Presents the administrator's certificate. */
  agent: Agent;
}

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Texts of the Warning headers, one each. */
  warnings: string[];
  /** Parsed when the answer is JSON, else text. */
  body: unknown;
}

interface Kubeconfig {
  clusters: { cluster: { server: string; 'certificate-authority-data': string } }[];
  users: { user: { 'client-certificate-data': string; 'client-key-data': string } }[];
}

/** The cluster named by NARU_KUBECONFIG, which conformance/src/run.ts sets. */
export function target(): Target {
  const kubeconfig = process.env['NARU_KUBECONFIG'];
  if (!kubeconfig) throw new Error('NARU_KUBECONFIG is not set: run the suites through ./naru test');
  return targetOf(kubeconfig);
}

export function targetOf(kubeconfig: string): Target {
  const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig;
  const cluster = config.clusters[0]!.cluster;
  const user = config.users[0]!.user;
  const pem = (text: string) => Buffer.from(text, 'base64');
  const agent = new Agent({
    keepAlive: true,
    ca: pem(cluster['certificate-authority-data']),
    cert: pem(user['client-certificate-data']),
    key: pem(user['client-key-data']),
  });
  return { kubeconfig, dataDirectory: dirname(kubeconfig), server: new URL(cluster.server), agent };
}

/** The recordings' folder. */
export const recordedDirectory = join(import.meta.dirname, '../../recorded');

export interface Call {
  method?: string;
  path: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
}

/** One request and its whole answer. */
export function call({ server, agent }: Target, { method = 'GET', path, headers = {}, body }: Call): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const measured = body !== undefined && !headers['transfer-encoding'];
    const length: Record<string, string | number> = measured ? { 'content-length': Buffer.byteLength(body) } : {};
    const sent = request(
      { agent, method, host: server.hostname, port: server.port, path, headers: { ...length, ...headers } },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const isJson = /json/.test(response.headers['content-type'] ?? '');
          const warnings = response.headersDistinct['warning'] ?? [];
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            warnings,
            body: isJson && text ? JSON.parse(text) : text,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.setTimeout(30_000, () => sent.destroy(new Error('no answer in 30 s')));
    sent.end(body);
  });
}

/** The kubelet's HTTPS listener: logs, exec, attach, port-forward and figures, for the API server and for nobody else. */
import { createServer, type Server } from 'node:https';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { TLSSocket } from 'node:tls';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { LocalVolumes } from '../volumes/local-volumes.ts';
import { localVolumesPath, serveLocalVolumes } from './local-volumes.ts';
import { parseKubeletPath } from './kubelet-path.ts';
import { serveLogs } from './logs.ts';
import { KubeletHttpError, type PodDirectory } from './pod-directory.ts';
import { serveStream } from './streams.ts';

/** Subjects that may ask: the API server's client certificate, and administrators for looking into a node. */
const trusted = { commonName: 'kube-apiserver-kubelet-client', organization: 'system:masters' };

export type Page = () => Promise<{ type: string; body: string }>;

export interface KubeletApiOptions {
  port: number;
  /** PEM: the node's serving certificate, its key, and the cluster's authority. */
  tls: { cert: string | Buffer; key: string | Buffer; ca: string | Buffer };
  directory: PodDirectory;
  runtime: Pick<ContainerRuntime, 'exec' | 'attach' | 'dial' | 'logs'>;
  volumes: LocalVolumes;
  /** Other pages, by path: /healthz, /pods, /stats/summary, /metrics. */
  pages: ReadonlyMap<string, Page>;
  now: () => number;
  onError: (error: unknown) => void;
}

/** Resolves when it listens. Closing it ends its streams. */
export async function startKubeletApi(options: KubeletApiOptions): Promise<{ close(): Promise<void> }> {
  const server = createServer({ ...options.tls, requestCert: true, rejectUnauthorized: true, minVersion: 'TLSv1.2' });
  const open = new Set<Duplex>();
  server.on('request', (request: IncomingMessage, response: ServerResponse) => void answer(request, response, options));
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    open.add(socket);
    socket.on('close', () => open.delete(socket));
    socket.on('error', () => socket.destroy());
    void upgrade({ request, socket, head }, options);
  });
  await listen(server, options.port);
  return {
    async close() {
      for (const socket of open) socket.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, () => resolve());
  });
}

// A certificate of the cluster's authority is not enough: nodes and users have one too.
function assertTrusted(request: IncomingMessage): void {
  const { subject } = (request.socket as TLSSocket).getPeerCertificate();
  const organizations = [subject?.O ?? []].flat();
  if (subject?.CN === trusted.commonName || organizations.includes(trusted.organization)) return;
  throw new KubeletHttpError(403, 'Forbidden');
}

async function answer(request: IncomingMessage, response: ServerResponse, options: KubeletApiOptions): Promise<void> {
  try {
    assertTrusted(request);
    const path = parseKubeletPath(request.url ?? '/');
    if (path?.resource === 'containerLogs') {
      await serveLogs(
        { ...path, container: path.container ?? '' },
        { ...options, logs: (id, asked) => options.runtime.logs(id, asked) },
        response,
      );
      return;
    }
    if (path) throw new KubeletHttpError(400, 'Upgrade request required');
    const { pathname } = new URL(request.url ?? '/', 'https://kubelet');
    if (pathname === localVolumesPath) return await serveLocalVolumes(request, response, options.volumes);
    const page = options.pages.get(pathname);
    if (!page) throw new KubeletHttpError(404, '404 page not found');
    const { type, body } = await page();
    response.writeHead(200, { 'content-type': type, 'content-length': Buffer.byteLength(body) }).end(body);
  } catch (error) {
    if (response.headersSent) response.destroy();
    const { code, message } = describe(error, options);
    if (!response.headersSent) response.writeHead(code, { 'content-type': 'text/plain; charset=utf-8' }).end(message);
  }
}

async function upgrade(
  { request, socket, head }: { request: IncomingMessage; socket: Duplex; head: Buffer },
  options: KubeletApiOptions,
): Promise<void> {
  try {
    assertTrusted(request);
    const path = parseKubeletPath(request.url ?? '/');
    if (!path || path.resource === 'containerLogs') throw new KubeletHttpError(404, '404 page not found');
    await serveStream({ request, socket, head }, path, options);
  } catch (error) {
    const { code, message } = describe(error, options);
    const lines = [
      `HTTP/1.1 ${code} Error`,
      'Connection: close',
      'Content-Type: text/plain; charset=utf-8',
      `Content-Length: ${Buffer.byteLength(message)}`,
    ];
    socket.end(`${lines.join('\r\n')}\r\n\r\n${message}`);
  }
}

function describe(error: unknown, { onError }: KubeletApiOptions): { code: number; message: string } {
  if (error instanceof Error && error.name === 'KubeletHttpError')
    return { code: (error as KubeletHttpError).code, message: error.message };
  onError(error);
  return { code: 500, message: error instanceof Error ? error.message : String(error) };
}

/** Requests to a test server over its socket, with a client certificate. */
import { Agent, request } from 'node:https';
import type { TestServer } from './test-server.ts';

export interface CallAnswer {
  readonly status: number;
  readonly headers: NodeJS.Dict<string | string[]>;
  readonly body: unknown;
}

export type CallServer = (method: string, path: string, body?: unknown) => Promise<CallAnswer>;

/** A body that is not text is sent as JSON; answers are parsed. Connections are kept until the server ends them. */
export async function callerOf(
  { port, credentials }: TestServer,
  user = { name: 'test-admin', groups: ['system:masters'] },
): Promise<CallServer> {
  const agent = new Agent({
    ...(await credentials.client(user.name, user.groups)),
    ca: credentials.tls.ca,
    keepAlive: true,
  });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
      const headers = text === undefined ? {} : { 'content-type': 'application/json' };
      request({ agent, host: '127.0.0.1', port, method, path, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const { statusCode: status = 0, headers: given } = response;
          const answer = Buffer.concat(chunks).toString();
          const isJson = /json/.test(given['content-type'] ?? '');
          resolve({ status, headers: given, body: isJson ? JSON.parse(answer) : answer });
        });
      })
        .on('error', reject)
        .end(text);
    });
}

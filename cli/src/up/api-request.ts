/** One HTTPS request to the cluster's own API, with the authority of its data directory. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';

export interface ApiAnswer {
  status: number;
  body: string;
}

export interface ApiCall {
  dataDirectory: string;
  port: number;
  method?: string;
  path: string;
  body?: string;
  contentType?: string;
}

/** Rejects when nothing answers within five seconds. */
export function apiRequest({
  dataDirectory,
  port,
  method = 'GET',
  path,
  body,
  contentType,
}: ApiCall): Promise<ApiAnswer> {
  const pki = join(dataDirectory, 'pki');
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        timeout: 5000,
        agent: false,
        ca: readFileSync(join(pki, 'ca.crt')),
        cert: readFileSync(join(pki, 'admin.crt')),
        key: readFileSync(join(pki, 'admin.key')),
        headers: {
          ...(contentType && { 'content-type': contentType }),
          ...(body && { 'content-length': Buffer.byteLength(body) }),
        },
      },
      (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString()));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
        response.on('error', reject);
      },
    );
    call.on('timeout', () => call.destroy(new Error('no answer within 5 s')));
    call.on('error', reject);
    call.end(body);
  });
}

/** Asks the agents of nodes to make and remove the directories of volumes. */
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { realpath, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { HttpServer } from '../server.ts';

/** A node that is away is asked again later, so nobody waits long for it. */
const longestAnswer = 10_000;
const mostBytes = 64 * 1024;

export function nodeVolumes(server: HttpServer) {
  const ask = (node: string, method: 'POST' | 'DELETE', query: Record<string, string>): Promise<unknown> =>
    call({
      ...server.kubelets.requestOptions(node, server.api),
      method,
      path: `/naru/volumes?${new URLSearchParams(query).toString()}`,
      signal: AbortSignal.timeout(longestAnswer),
    });
  return {
    async make(node: string, name: string): Promise<string> {
      const { path } = (await ask(node, 'POST', { name })) as { path?: string };
      if (!path) throw new Error(`node "${node}" named no path`);
      return path;
    },
    async remove(node: string, path: string): Promise<void> {
      await ask(node, 'DELETE', { path });
    },
    async removeTemporary(path: string): Promise<void> {
      // A link on the way would lead elsewhere.
      const parent = await realpath(dirname(path)).catch(() => undefined);
      if (parent === undefined) return;
      if (parent !== dirname(path)) throw new Error(`${path} is reached through a link`);
      await rm(path, { recursive: true, force: true });
    },
  };
}

function call(options: RequestOptions): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, (answer) => {
      let text = '';
      answer.setEncoding('utf8');
      answer.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > mostBytes) request.destroy(new Error('the answer is too long'));
      });
      answer.on('error', reject);
      answer.on('end', () => {
        if (answer.statusCode !== 200) return reject(new Error(text || `status ${answer.statusCode}`));
        try {
          resolve(JSON.parse(text));
        } catch (error) {
          reject(error as Error);
        }
      });
    });
    request.on('error', reject);
    request.end();
  });
}

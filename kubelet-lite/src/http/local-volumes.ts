/** Makes and removes directories of volumes, when the API server asks for them. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { LocalVolumes } from '../volumes/local-volumes.ts';
import { KubeletHttpError } from './pod-directory.ts';

export const localVolumesPath = '/naru/volumes';

/** POST with `name` answers the path; DELETE removes `path`. Throws KubeletHttpError. */
export async function serveLocalVolumes(
  request: IncomingMessage,
  response: ServerResponse,
  volumes: LocalVolumes,
): Promise<void> {
  const { searchParams } = new URL(request.url ?? '/', 'https://kubelet');
  const asked = request.method === 'POST' ? searchParams.get('name') : searchParams.get('path');
  if (asked === null) throw new KubeletHttpError(400, 'name or path is required');
  if (request.method !== 'POST' && request.method !== 'DELETE') throw new KubeletHttpError(405, 'Method Not Allowed');
  const answer = request.method === 'POST' ? { path: await volumes.make(asked) } : {};
  if (request.method === 'DELETE') await volumes.remove(asked);
  const body = JSON.stringify(answer);
  response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }).end(body);
}

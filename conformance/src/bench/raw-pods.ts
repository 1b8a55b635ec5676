/** What the engine itself needs for the containers of a pod: the yardstick of the rows that start pods. */
import { request } from 'node:http';

/** The image of sandboxes: in the engine since Naru ran its first pod there. */
const sandboxImage = 'naru.local/sandbox:1';
/** As many at once as Naru asks for. */
const atOnce = 10;

export interface RawPod {
  image: string;
  command: readonly string[];
}

/** Creates and starts a sandbox without a network and a container in it, `count` times. Answers the ids. */
export async function startRawPods(count: number, pod: RawPod): Promise<string[]> {
  const ids = await inParallel(Array.from({ length: count }), () => startOne(pod));
  return ids.flat();
}

export async function removeRawPods(ids: readonly string[]): Promise<void> {
  await inParallel(ids, (id) => call('DELETE', `/containers/${id}?force=1`));
}

async function startOne({ image, command }: RawPod): Promise<string[]> {
  const sandbox = await start({ Image: sandboxImage, HostConfig: { NetworkMode: 'none', IpcMode: 'shareable' } });
  const joined = { NetworkMode: `container:${sandbox}`, IpcMode: `container:${sandbox}` };
  return [sandbox, await start({ Image: image, Entrypoint: command, HostConfig: joined })];
}

async function start(options: object): Promise<string> {
  const { Id } = await call<{ Id: string }>('POST', '/containers/create', options);
  await call('POST', `/containers/${Id}/start`);
  return Id;
}

async function inParallel<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const one = async () => {
    while (next < items.length) results.push(await work(items[next++] as T));
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return results;
}

/** To the engine of DOCKER_HOST. */
function call<T>(method: string, path: string, body?: object): Promise<T> {
  const socketPath = (process.env['DOCKER_HOST'] ?? '').replace('unix://', '');
  const headers = { 'content-type': 'application/json' };
  return new Promise((resolve, reject) => {
    const sent = request({ socketPath, method, path, headers }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        if ((response.statusCode ?? 500) < 300) resolve((text ? JSON.parse(text) : undefined) as T);
        else reject(new Error(`${method} ${path}: ${response.statusCode} ${text}`));
      });
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

/** Objects made and awaited over the API, without kubectl's start for each. */
import { eventually } from './eventually.ts';
import { call, target } from './target.ts';

const json = { 'content-type': 'application/json' };

/** POSTs; throws when the answer is not 201. */
export async function create<T = unknown>(path: string, body: object): Promise<T> {
  const answer = await call(target(), { method: 'POST', path, headers: json, body: JSON.stringify(body) });
  if (answer.status !== 201) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

/** The object; throws when the answer is not 200. */
export async function get<T = unknown>(path: string): Promise<T> {
  const answer = await call(target(), { path });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body as T;
}

/** Merge patch; throws when the answer is not 200. */
export async function patch(path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  const answer = await call(target(), { method: 'PATCH', path, headers, body: JSON.stringify(body) });
  if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

export const remove = (path: string) => call(target(), { method: 'DELETE', path });

interface PodStatus {
  status: { podIP?: string; conditions?: { type: string; status: string }[] };
}

/** The pod's address, once it is ready. */
export function readyAddress(namespace: string, name: string): Promise<string> {
  return eventually(
    async () => {
      const { status } = await get<PodStatus>(`/api/v1/namespaces/${namespace}/pods/${name}`);
      const isReady = status.conditions?.some((one) => one.type === 'Ready' && one.status === 'True');
      if (!isReady || !status.podIP) throw new Error(JSON.stringify(status));
      return status.podIP;
    },
    { seconds: 60, what: `${namespace}/${name} ready` },
  );
}

/** The end of a container's log, for our own use: what pods/log shows, as lines. */
import { request as httpsRequest, type RequestOptions } from 'node:https';
import type { V1Pod } from '@kubernetes/client-node';
import { fieldsOf } from '../../kinds/fields.ts';
import { get } from '../../verbs/get.ts';
import type { HttpServer } from '../server.ts';

export interface LogEnd {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  /** The run before the present one, if its log is still there. */
  readonly previous: boolean;
  readonly lines: number;
}

const mostBytes = 64 * 1024;

/** Throws when the pod is gone or its kubelet does not answer. */
export async function readLogEnd(end: LogEnd, server: HttpServer, signal: AbortSignal): Promise<string[]> {
  const kind = server.api.catalog.byKind({ group: '', version: 'v1', kind: 'Pod' })!;
  const { namespace, pod: name, container, lines } = end;
  const nodeName = fieldsOf<V1Pod>(get({ kind, namespace, name }, server.api).object).spec?.nodeName;
  if (!nodeName) return [];
  const options = server.kubelets.requestOptions(nodeName, server.api);
  const path = `/containerLogs/${namespace}/${name}/${container}`;
  const query = `tailLines=${lines}&limitBytes=${mostBytes}`;
  const before = end.previous ? await ask({ ...options, path: `${path}?${query}&previous=true`, signal }) : undefined;
  const text = before ?? (await ask({ ...options, path: `${path}?${query}`, signal })) ?? '';
  return text.split('\n').filter((line) => line !== '');
}

/** Undefined when there is no such log. */
function ask(options: RequestOptions): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const request = httpsRequest(options, (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('end', () =>
        resolve(
          answer.statusCode === 200
            ? Buffer.concat(chunks)
                .toString()
                .slice(0, 2 * mostBytes)
            : undefined,
        ),
      );
      answer.on('error', reject);
    });
    request.on('error', reject);
    request.end();
  });
}

/** Apps for suites to look at, made as others would make them: through the API. */
import { call, target } from '../target.ts';

export interface AppRequest {
  namespace: string;
  name: string;
  /** Of a shell; sleeps when absent. */
  script?: string;
  replicas?: number;
  /** Opened to the outside by a Service of type NodePort. */
  port?: number;
  image?: string;
  /** Put into the pod's container as they are. */
  container?: object;
  pod?: object;
}

const sleeping = "trap 'exit 0' TERM; while true; do sleep 3600 & wait $!; done";

export function deploymentOf({ name, script = sleeping, replicas = 1, port, image, container, pod }: AppRequest) {
  const labels = { app: name };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          terminationGracePeriodSeconds: 3,
          containers: [
            {
              name,
              image: image ?? 'busybox:1.36',
              ...(!image && { command: ['sh', '-c', script] }),
              ...(port && { ports: [{ containerPort: port }] }),
              ...container,
            },
          ],
          ...pod,
        },
      },
    },
  };
}

/** Throws what the server refused. */
export async function post(path: string, body: object): Promise<unknown> {
  return send('POST', path, body, 'application/json');
}

export async function patch(path: string, body: object): Promise<unknown> {
  return send('PATCH', path, body, 'application/merge-patch+json');
}

export async function read<T>(path: string): Promise<T> {
  const { status, body } = await call(target(), { path });
  if (status >= 300) throw new Error(`GET ${path}: ${status}`);
  return body as T;
}

async function send(method: string, path: string, body: object, type: string): Promise<unknown> {
  const answer = await call(target(), {
    method,
    path,
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
  return answer.body;
}

export const deploymentPath = (namespace: string, name: string) =>
  `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`;

export async function createApp(request: AppRequest): Promise<void> {
  const { namespace, name, port } = request;
  await post(`/apis/apps/v1/namespaces/${namespace}/deployments`, deploymentOf(request));
  if (port === undefined) return;
  await post(`/api/v1/namespaces/${namespace}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { type: 'NodePort', selector: { app: name }, ports: [{ port, targetPort: port }] },
  });
}

/** The objects of a new app, exactly as `kubectl create deployment` and `kubectl expose` make them; pure. */
import { type RunRequest, imageBaseName } from './run-request';

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly spec: unknown;
}

/** The Deployment, and the Service when the app listens on a port. */
export function manifestsOf(request: RunRequest): Manifest[] {
  return request.port === undefined ? [deployment(request)] : [deployment(request), service(request, request.port)];
}

/** Like kubectl's create deployment: the container is named for its image. */
export function containerName(request: Pick<RunRequest, 'image' | 'name'>): string {
  const name = imageBaseName(request.image)
    .toLowerCase()
    .replace(/[^a-z0-9-]/g, '-')
    .replace(/^-+|-+$/g, '');
  return name === '' ? request.name : name;
}

function deployment(request: RunRequest): Manifest {
  const labels = { app: request.name };
  const { memoryLimit, cpuRequest } = request;
  const resources = {
    ...(memoryLimit ? { limits: { memory: memoryLimit } } : {}),
    ...(cpuRequest ? { requests: { cpu: cpuRequest } } : {}),
  };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: request.name, namespace: request.project, labels },
    spec: {
      replicas: request.replicas,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          containers: [
            {
              name: containerName(request),
              image: request.image,
              ...(request.port === undefined ? {} : { ports: [{ containerPort: request.port }] }),
              ...(request.variables.length === 0 ? {} : { env: request.variables }),
              ...(Object.keys(resources).length === 0 ? {} : { resources }),
            },
          ],
        },
      },
    },
  };
}

function service(request: RunRequest, port: number): Manifest {
  const labels = { app: request.name };
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: request.name, namespace: request.project, labels },
    spec: {
      ...(request.publicAddress ? { type: 'NodePort' } : {}),
      selector: labels,
      ports: [{ port, protocol: 'TCP', targetPort: port }],
    },
  };
}

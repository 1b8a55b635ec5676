/** What the wizard asks for, and the guesses that save typing; pure. */
export interface Variable {
  readonly name: string;
  readonly value: string;
}

export interface RunRequest {
  readonly image: string;
  readonly name: string;
  readonly project: string;
  /** None: the app listens on nothing. */
  readonly port: number | undefined;
  readonly replicas: number;
  readonly variables: readonly Variable[];
  /** As quantities; empty for none. */
  readonly memoryLimit: string;
  readonly cpuRequest: string;
  readonly publicAddress: boolean;
}

/** Last part of the image's name, without tag and digest: `ghcr.io/acme/api:2` → `api`. */
export function imageBaseName(image: string): string {
  const path = image.trim().split('@')[0] ?? '';
  const last = path.split('/').at(-1) ?? '';
  return last.split(':')[0] ?? '';
}

/** A name an app may have, made from an image. */
export function nameFromImage(image: string): string {
  const name = imageBaseName(image)
    .toLowerCase()
    .replace(/[^a-z0-9-]+/g, '-')
    .slice(0, 50)
    .replace(/^-+|-+$/g, '');
  return name;
}

/** The ports that well-known images listen on; the engine is only asked once the image is there. */
const knownPorts: Readonly<Record<string, number>> = {
  nginx: 80,
  httpd: 80,
  caddy: 80,
  traefik: 80,
  wordpress: 80,
  adminer: 8080,
  tomcat: 8080,
  jenkins: 8080,
  redis: 6379,
  valkey: 6379,
  postgres: 5432,
  mysql: 3306,
  mariadb: 3306,
  mongo: 27017,
  rabbitmq: 5672,
  memcached: 11211,
  ghost: 2368,
  gitea: 3000,
  grafana: 3000,
  minio: 9000,
  registry: 5000,
};

export function portFromImage(image: string): number | undefined {
  const base = imageBaseName(image);
  return Object.hasOwn(knownPorts, base) ? knownPorts[base] : undefined;
}

export type FieldName = 'image' | 'name' | 'port' | 'replicas' | 'variables' | 'memoryLimit' | 'cpuRequest' | 'project';

/** Which field of the wizard a field of the manifest came from, so that an error stands beside it. */
export function fieldOf(path: string): FieldName | undefined {
  if (path.startsWith('metadata.name') && !path.startsWith('metadata.namespace')) return 'name';
  if (path.endsWith('.image')) return 'image';
  if (path.includes('containerPort') || path.includes('.ports')) return 'port';
  if (path === 'spec.replicas') return 'replicas';
  if (path.includes('.env')) return 'variables';
  if (path.includes('memory')) return 'memoryLimit';
  if (path.includes('cpu')) return 'cpuRequest';
  if (/containers\[0\]\.name|labels|spec\.selector/.test(path)) return 'name';
  return undefined;
}

/** Credentials for registries, out of the Secrets that a pod names. */
// Like pkg/credentialprovider.
import type { ConfigSource, Secret } from '../config-objects/config-source.ts';
import type { RegistryCredentials } from '../runtime/container-runtime.ts';
import type { Pod } from './pod.ts';

interface AuthEntry {
  username?: string;
  password?: string;
  auth?: string;
  identitytoken?: string;
}

export interface PullSecrets {
  credentials: RegistryCredentials[];
  /** Names of Secrets that are not there. */
  missing: string[];
}

export async function pullSecrets(pod: Pod, source: ConfigSource): Promise<PullSecrets> {
  const found: PullSecrets = { credentials: [], missing: [] };
  for (const { name } of pod.spec.imagePullSecrets ?? []) {
    if (!name) continue;
    const secret = await source.secret(pod.metadata.namespace ?? '', name).catch(() => undefined);
    if (secret) found.credentials.push(...credentialsOf(secret));
    else found.missing.push(name);
  }
  return found;
}

function credentialsOf({ data = {} }: Secret): RegistryCredentials[] {
  const modern = data['.dockerconfigjson'];
  const text = modern ?? data['.dockercfg'];
  if (!text) return [];
  try {
    const config = JSON.parse(Buffer.from(text, 'base64').toString('utf8')) as Record<string, unknown>;
    const auths = (modern ? config['auths'] : config) as Record<string, AuthEntry> | undefined;
    return Object.entries(auths ?? {}).flatMap(([registry, entry]) => credentialOf(registry, entry));
  } catch {
    return []; // not JSON: the pull is tried without, as upstream does
  }
}

function credentialOf(registry: string, { username, password, auth, identitytoken }: AuthEntry): RegistryCredentials[] {
  if (identitytoken) return [{ registry, username: '', password: '', identityToken: identitytoken }];
  if (username && password !== undefined) return [{ registry, username, password }];
  const decoded = Buffer.from(auth ?? '', 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  return colon > 0 ? [{ registry, username: decoded.slice(0, colon), password: decoded.slice(colon + 1) }] : [];
}

/** Those that fit the image, the most particular first. `image` has its registry: `docker.io/library/nginx`. */
export function matching(credentials: readonly RegistryCredentials[], image: string): RegistryCredentials[] {
  const fitting = credentials.filter(({ registry }) => fits(locationOf(registry), image));
  return fitting.sort((a, b) => locationOf(b.registry).length - locationOf(a.registry).length);
}

/** `https://index.docker.io/v1/` is `docker.io`. */
function locationOf(registry: string): string {
  const plain = registry.replace(/^https?:\/\//, '').replace(/\/(v[12]\/?)?$/, '');
  return plain === 'index.docker.io' || plain === 'registry-1.docker.io' ? 'docker.io' : plain;
}

function fits(location: string, image: string): boolean {
  const [host = '', ...path] = location.split('/');
  const [imageHost = '', ...imagePath] = image.split('/');
  const labels = host.split('.');
  const imageLabels = imageHost.split('.');
  const sameHost =
    labels.length === imageLabels.length && labels.every((each, i) => each === '*' || each === imageLabels[i]);
  return sameHost && path.every((part, i) => part === imagePath[i]);
}

/** The files of the volumes that the API fills: configMap, secret, downwardAPI and projected. */
import { contentsOf, missingObject, type ConfigSource } from '../config-objects/config-source.ts';
import { fieldValue, type NodeFacts } from '../environment/field-path.ts';
import { findContainer } from '../environment/make-environment.ts';
import { resourceFieldValue, type Allocatable } from '../environment/resource-field.ts';
import { uidOf, type Pod } from '../pods/pod.ts';
import type {
  ConfigMapProjection,
  DownwardItem,
  KeyToPath,
  ProjectedSource,
  ServiceAccountTokenProjection,
  Volume,
} from '../pods/volume.ts';
import type { ProjectedFile, ProjectedFiles } from './atomic-writer.ts';

export interface Token {
  token: string;
  /** When it is to be asked for anew; milliseconds since 1970. */
  renewAt: number;
}

export interface TokenSource {
  token(pod: Pod, request: { audience?: string; expirationSeconds: number }): Promise<Token>;
  /** The pod needs its tokens no more. */
  forget(uid: string): void;
}

export interface ProjectionInput {
  pod: Pod;
  facts: NodeFacts & Allocatable;
  source: ConfigSource;
  tokens: TokenSource;
}

export interface Projection {
  files: ProjectedFiles;
  /** When a token among them is to be renewed; absent: never. */
  renewAt?: number;
}

const defaultMode = 0o644;
const tokenLifetime = 3600;

/** Whether the API fills the volume. */
export const isProjected = ({ configMap, secret, downwardAPI, projected }: Volume): boolean =>
  Boolean(configMap ?? secret ?? downwardAPI ?? projected);

/** Throws an Error in upstream's words when something is missing that is not optional. */
export async function projectVolume(volume: Volume, input: ProjectionInput): Promise<Projection> {
  const { configMap, secret, downwardAPI, projected } = volume;
  const mode = (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode ?? defaultMode;
  const files = new Map<string, ProjectedFile>();
  const collection = { files, mode, input };
  if (configMap) await addObject(collection, 'ConfigMap', configMap);
  if (secret) await addObject(collection, 'Secret', { ...secret, name: secret.secretName ?? '' });
  if (downwardAPI) addDownward(collection, downwardAPI.items);
  const renewals: number[] = [];
  for (const source of projected?.sources ?? []) renewals.push(...(await addSource(collection, source)));
  return { files, ...(renewals.length > 0 && { renewAt: Math.min(...renewals) }) };
}

interface Collection {
  files: Map<string, ProjectedFile>;
  mode: number;
  input: ProjectionInput;
}

/** Answers when tokens among the files are due. */
async function addSource(collection: Collection, source: ProjectedSource): Promise<number[]> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  if (configMap) await addObject(collection, 'ConfigMap', configMap);
  if (secret) await addObject(collection, 'Secret', secret);
  if (downwardAPI) addDownward(collection, downwardAPI.items);
  if (serviceAccountToken) return [await addToken(collection, serviceAccountToken)];
  if (source.clusterTrustBundle || source.podCertificate)
    throw new Error('projections of trust bundles and pod certificates are not served by this node');
  return [];
}

async function addObject(
  { files, mode, input }: Collection,
  kind: 'ConfigMap' | 'Secret',
  { name = '', items, optional = false }: ConfigMapProjection,
): Promise<void> {
  const namespace = input.pod.metadata.namespace ?? '';
  const { source } = input;
  const object = await (kind === 'ConfigMap' ? source.configMap(namespace, name) : source.secret(namespace, name));
  if (!object) {
    if (optional) return;
    throw missingObject(kind, name);
  }
  const contents = contentsOf(object, kind);
  if (!items?.length) {
    for (const [key, content] of contents) files.set(key, { content, mode });
    return;
  }
  for (const item of items) addItem(files, item, contents.get(item.key), { mode, optional });
}

function addItem(
  files: Map<string, ProjectedFile>,
  item: KeyToPath,
  content: Buffer | undefined,
  { mode, optional }: { mode: number; optional: boolean },
): void {
  if (content) files.set(normalized(item.path), { content, mode: item.mode ?? mode });
  else if (!optional) throw new Error('references non-existent config key: ' + item.key);
}

function addDownward({ files, mode, input }: Collection, items: DownwardItem[] = []): void {
  const { pod, facts } = input;
  for (const { path, fieldRef, resourceFieldRef, mode: own } of items) {
    let text = '';
    if (fieldRef) text = fieldValue(pod, fieldRef.fieldPath, facts);
    else if (resourceFieldRef) {
      const { resources = {} } = findContainer(pod, resourceFieldRef.containerName ?? '');
      text = resourceFieldValue(resourceFieldRef, resources, facts);
    }
    files.set(normalized(path), { content: Buffer.from(text, 'utf8'), mode: own ?? mode });
  }
}

async function addToken(
  { files, mode, input }: Collection,
  { audience, expirationSeconds = tokenLifetime, path }: ServiceAccountTokenProjection,
): Promise<number> {
  const { pod, tokens } = input;
  const { token, renewAt } = await tokens.token(pod, { ...(audience && { audience }), expirationSeconds });
  const uid = commonUser(pod);
  // Like upstream: what belongs to somebody is not for everybody.
  const restricted = uid !== undefined || pod.spec.securityContext?.fsGroup !== undefined;
  const file = { content: Buffer.from(token, 'utf8'), mode: restricted ? 0o600 : mode };
  files.set(normalized(path), uid === undefined ? file : { ...file, uid });
  return renewAt;
}

/** The uid that all containers of the pod run as, when they name the same. */
// Like pkg/volume/util.FsUserFrom.
export function commonUser(pod: Pod): number | undefined {
  const { containers, initContainers = [], ephemeralContainers = [], securityContext } = pod.spec;
  const uids = [...containers, ...initContainers, ...ephemeralContainers].map(
    (container) => container.securityContext?.runAsUser ?? securityContext?.runAsUser,
  );
  return new Set(uids).size === 1 ? uids[0] : undefined;
}

/** One spelling for one file: `./a//b` is `a/b`. Throws for a path that goes up; the API lets none through. */
function normalized(path: string): string {
  const parts = path.split('/').filter((part) => part && part !== '.');
  if (parts.includes('..') || parts.length === 0) throw new Error(`invalid path "${path}"`);
  return parts.join('/');
}

/** Names of the ConfigMaps and Secrets whose changes reach the pod's volumes. */
export function volumeReferences(pod: Pod): { configMaps: Set<string>; secrets: Set<string> } {
  const configMaps = new Set<string>();
  const secrets = new Set<string>();
  for (const { configMap, secret, projected } of pod.spec.volumes ?? []) {
    if (configMap?.name) configMaps.add(configMap.name);
    if (secret?.secretName) secrets.add(secret.secretName);
    for (const source of projected?.sources ?? []) {
      if (source.configMap?.name) configMaps.add(source.configMap.name);
      if (source.secret?.name) secrets.add(source.secret.name);
    }
  }
  return { configMaps, secrets };
}

/** Names a pod's token request; two pods of one account have tokens of their own. */
export const tokenKey = (pod: Pod, audience: string | undefined, expirationSeconds: number): string =>
  JSON.stringify([uidOf(pod), pod.spec.serviceAccountName, audience, expirationSeconds]);

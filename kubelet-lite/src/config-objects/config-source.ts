/** Where pods get their ConfigMaps and Secrets from. */
import type { KubeObject } from '@naru/api/object';

export interface ConfigMap extends KubeObject {
  data?: Record<string, string>;
  /** Base64. */
  binaryData?: Record<string, string>;
  immutable?: boolean;
}

export interface Secret extends KubeObject {
  type?: string;
  /** Base64. */
  data?: Record<string, string>;
  immutable?: boolean;
}

export interface ConfigSource {
  /** undefined: there is none. Throws when the API cannot be asked. */
  configMap(namespace: string, name: string): Promise<ConfigMap | undefined>;
  secret(namespace: string, name: string): Promise<Secret | undefined>;
}

/** The contents of a ConfigMap's or Secret's keys. */
export function contentsOf(object: ConfigMap | Secret, kind: 'ConfigMap' | 'Secret'): Map<string, Buffer> {
  if (kind === 'Secret') return decoded(object.data);
  const { data = {}, binaryData } = object as ConfigMap;
  const plain = Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'utf8')] as const);
  return new Map([...plain, ...decoded(binaryData)]);
}

const decoded = (data: Record<string, string> = {}) =>
  new Map(Object.entries(data).map(([key, text]) => [key, Buffer.from(text, 'base64')] as const));

/** Upstream names the kinds in lower case here, and one object of them, not the resource. */
export const missingObject = (kind: 'ConfigMap' | 'Secret', name: string): Error =>
  new Error(`${kind.toLowerCase()} "${name}" not found`);

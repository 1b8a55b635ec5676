/** A container's variables: from services, ConfigMaps, Secrets, the pod itself and plain values, in upstream's order of precedence. */
// Like kubelet_pods.makeEnvironmentVariables.
import { contentsOf, missingObject, type ConfigMap, type ConfigSource } from '../config-objects/config-source.ts';
import type { ContainerDefinition, EnvironmentSource, EnvironmentVariable } from '../pods/container-definition.ts';
import type { Pod } from '../pods/pod.ts';
import { parseEnvFile } from './env-file.ts';
import { expand } from './expand.ts';
import { fieldValue, type NodeFacts } from './field-path.ts';
import { resourceFieldValue, type Allocatable } from './resource-field.ts';

export interface EnvironmentInput {
  pod: Pod;
  container: ContainerDefinition;
  /** Values of service variables; those of the container go before them. */
  serviceLinks: ReadonlyMap<string, string>;
  facts: NodeFacts & Allocatable;
  source: ConfigSource;
  /** Text of a file in a volume; undefined: there is none. */
  readVolumeFile(volume: string, path: string): Promise<string | undefined>;
}

/** Throws an Error whose message upstream shows as CreateContainerConfigError. */
export async function makeEnvironment(input: EnvironmentInput): Promise<Map<string, string>> {
  const { container, serviceLinks } = input;
  const variables = new Map<string, string>();
  for (const source of container.envFrom ?? []) await addAll(variables, source, input);
  for (const variable of container.env ?? []) {
    const value = await valueOf(variable, variables, input);
    if (value !== undefined) variables.set(variable.name, value);
  }
  for (const [name, value] of serviceLinks) if (!variables.has(name)) variables.set(name, value);
  return variables;
}

async function addAll(variables: Map<string, string>, from: EnvironmentSource, input: EnvironmentInput) {
  const { prefix = '', configMapRef, secretRef } = from;
  const kind = configMapRef ? 'ConfigMap' : 'Secret';
  const { name = '', optional } = configMapRef ?? secretRef ?? {};
  const contents = await readObject(input, kind, name, optional ?? false);
  for (const [key, content] of contents ?? []) variables.set(prefix + key, content.toString('utf8'));
}

async function valueOf(
  { value, valueFrom }: EnvironmentVariable,
  variables: ReadonlyMap<string, string>,
  input: EnvironmentInput,
): Promise<string | undefined> {
  const { pod, container, facts, serviceLinks } = input;
  if (!valueFrom) return expand(value ?? '', (name) => variables.get(name) ?? serviceLinks.get(name));
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = valueFrom;
  if (fieldRef) return fieldValue(pod, fieldRef.fieldPath, facts);
  if (resourceFieldRef) {
    const named = resourceFieldRef.containerName ? findContainer(pod, resourceFieldRef.containerName) : container;
    return resourceFieldValue(resourceFieldRef, named.resources ?? {}, facts);
  }
  if (configMapKeyRef) return keyOf(input, 'ConfigMap', configMapKeyRef);
  if (secretKeyRef) return keyOf(input, 'Secret', secretKeyRef);
  if (fileKeyRef) return fileKey(input, fileKeyRef);
  return '';
}

async function keyOf(
  input: EnvironmentInput,
  kind: 'ConfigMap' | 'Secret',
  { name = '', key, optional = false }: { name?: string; key: string; optional?: boolean },
): Promise<string | undefined> {
  const contents = await readObject(input, kind, name, optional);
  const content = contents?.get(key);
  if (content) return content.toString('utf8');
  if (optional) return undefined;
  throw new Error(`couldn't find key ${key} in ${kind} ${input.pod.metadata.namespace}/${name}`);
}

async function readObject(input: EnvironmentInput, kind: 'ConfigMap' | 'Secret', name: string, optional: boolean) {
  const namespace = input.pod.metadata.namespace ?? '';
  const { source } = input;
  const object = await (kind === 'ConfigMap' ? textOf(source, namespace, name) : source.secret(namespace, name));
  if (object) return contentsOf(object, kind);
  if (optional) return undefined;
  throw missingObject(kind, name);
}

/** As upstream's kubelet: what is binary never becomes a variable. */
async function textOf(source: ConfigSource, namespace: string, name: string): Promise<ConfigMap | undefined> {
  const object = await source.configMap(namespace, name);
  return object && { ...object, binaryData: {} };
}

async function fileKey(
  input: EnvironmentInput,
  { volumeName, path, key, optional }: { volumeName: string; path: string; key: string; optional?: boolean },
): Promise<string | undefined> {
  const text = await input.readVolumeFile(volumeName, path);
  const value = text === undefined ? undefined : parseEnvFile(text).get(key);
  if (value !== undefined || optional) return value;
  throw new Error(
    text === undefined
      ? `environment variable file "${path}" not found in volume "${volumeName}"`
      : `environment variable key "${key}" not found in file "${path}"`,
  );
}

/** Among all containers of the pod. Throws when there is none of the name. */
export function findContainer(pod: Pod, name: string): ContainerDefinition {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec;
  const found = [...containers, ...initContainers, ...ephemeralContainers].find((each) => each.name === name);
  if (!found) throw new Error(`container ${name} not found`);
  return found;
}

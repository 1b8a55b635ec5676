/** Every label that the agent writes on what it creates. They are its only memory: from them alone it finds its pods again. */
import type { Container, ContainerSpec, PodIdentity, SandboxSpec } from '../container-runtime.ts';

/** Whose a container is: two clusters may share an engine, and a node takes only what is its own. */
export interface Owner {
  clusterId: string;
  nodeName: string;
}

export const label = {
  // Upstream's, which monitoring tools read.
  podName: 'io.kubernetes.pod.name',
  podNamespace: 'io.kubernetes.pod.namespace',
  podUid: 'io.kubernetes.pod.uid',
  container: 'io.kubernetes.container.name',
  // Ours. <8 hex digits>
  cluster: 'naru.dev/cluster',
  node: 'naru.dev/node',
  // sandbox | container | init | ephemeral
  kind: 'naru.dev/kind',
  // decimal, from 0
  attempt: 'naru.dev/attempt',
  // hex digits
  specHash: 'naru.dev/spec-hash',
  // id of the sandbox's container
  sandbox: 'naru.dev/sandbox',
} as const;

const podLabels = (pod: PodIdentity, { clusterId, nodeName }: Owner) => ({
  [label.podName]: pod.name,
  [label.podNamespace]: pod.namespace,
  [label.podUid]: pod.uid,
  [label.cluster]: clusterId,
  [label.node]: nodeName,
});

export function sandboxLabels(spec: SandboxSpec, owner: Owner): Record<string, string> {
  return {
    ...spec.labels,
    ...podLabels(spec.pod, owner),
    [label.container]: 'POD',
    [label.kind]: 'sandbox',
    [label.attempt]: String(spec.attempt),
  };
}

export function containerLabels(spec: ContainerSpec, owner: Owner): Record<string, string> {
  return {
    ...spec.labels,
    ...podLabels(spec.pod, owner),
    [label.container]: spec.name,
    [label.kind]: spec.kind,
    [label.attempt]: String(spec.attempt),
    [label.specHash]: spec.specHash,
    [label.sandbox]: spec.sandboxId,
  };
}

/** The pod that `labels` name. */
export function podOf(labels: Record<string, string>): PodIdentity {
  return {
    uid: labels[label.podUid] ?? '',
    name: labels[label.podName] ?? '',
    namespace: labels[label.podNamespace] ?? '',
  };
}

export const attemptOf = (labels: Record<string, string>): number => Number(labels[label.attempt]) || 0;

export function kindOf(labels: Record<string, string>): Container['kind'] | 'sandbox' {
  const kind = labels[label.kind];
  return kind === 'sandbox' || kind === 'init' || kind === 'ephemeral' ? kind : 'container';
}

/** What to ask the engine for: this node's, and nobody else's. */
export function ownFilter({ clusterId, nodeName }: Owner): string[] {
  return [`${label.cluster}=${clusterId}`, `${label.node}=${nodeName}`];
}

export const isOwn = (labels: Record<string, string>, { clusterId, nodeName }: Owner): boolean =>
  labels[label.cluster] === clusterId && labels[label.node] === nodeName;

/** Makes the Node of this machine, or finds it and sees that its labels are right. */
// Like pkg/kubelet kubelet_node_status.go registerWithAPIServer.
import type { Client } from '@naru/api/client/client';
import { isAlreadyExists } from '@naru/api/status';
import type { Machine } from '../node/machine.ts';
import { nodeResource, type Node } from '../node/node-object.ts';

/** Labels that the kubelet owns. */
export const nodeLabels = (name: string, { architecture }: Machine): Record<string, string> => ({
  'beta.kubernetes.io/arch': architecture,
  'beta.kubernetes.io/os': 'linux',
  'kubernetes.io/arch': architecture,
  'kubernetes.io/hostname': name,
  'kubernetes.io/os': 'linux',
});

/** Throws what the server answers; the caller tries again. */
export async function registerNode(client: Client, name: string, machine: Machine): Promise<Node> {
  const nodes = client.for<Node>(nodeResource);
  const labels = nodeLabels(name, machine);
  try {
    return await nodes.create({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {} });
  } catch (error) {
    if (!isAlreadyExists(error)) throw error;
  }
  const node = await nodes.get(name);
  const missing = Object.entries(labels).some(([key, value]) => node.metadata.labels?.[key] !== value);
  return missing ? nodes.patch(name, undefined, { metadata: { labels } }, { type: 'merge' }) : node;
}

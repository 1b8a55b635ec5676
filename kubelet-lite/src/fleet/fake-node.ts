/** A node that exists only in the API: its object, its lease, and pods that run as far as anybody can see. */
import type { Client, ResourceRef } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { KubeObject } from '@naru/api/object';
import { isAlreadyExists, isNotFound } from '@naru/api/status';
import { formatMicroTime, formatTime } from '@naru/api/time';
import { nodeLabels } from '../apiserver/register-node.ts';
import type { Machine } from '../node/machine.ts';
import { nodeResource, type Node } from '../node/node-object.ts';
import { nodeStatus, type NodeIdentity } from '../node/node-status.ts';

interface Lease extends KubeObject {
  spec?: { holderIdentity?: string; leaseDurationSeconds?: number; renewTime?: string };
}

const leaseResource: ResourceRef = {
  group: 'coordination.k8s.io',
  version: 'v1',
  kind: 'Lease',
  plural: 'leases',
  scope: 'Namespaced',
};
const leaseNamespace = 'kube-node-lease';
const leaseDurationSeconds = 40;

export class FakeNode {
  readonly identity: NodeIdentity;
  readonly #machine: Machine;
  readonly #client: Client;
  readonly #clock: Clock;
  #uid = '';
  #hasLease = false;

  constructor(identity: NodeIdentity, machine: Machine, { client, clock }: { client: Client; clock: Clock }) {
    this.identity = identity;
    this.#machine = machine;
    this.#client = client;
    this.#clock = clock;
  }

  status() {
    const observation = {
      runtimeVersion: 'fake://1.0',
      images: [],
      availableMemoryBytes: this.#machine.memoryBytes,
      disk: { totalBytes: 2 ** 40, availableBytes: 2 ** 40 },
      pids: { most: 2 ** 22, used: 0 },
    };
    return nodeStatus(this.identity, this.#machine, observation, {
      previous: [],
      now: formatTime(this.#clock.now()),
    });
  }

  /** One write where the node is new: it comes Ready. */
  async register(): Promise<void> {
    const { name } = this.identity;
    const nodes = this.#client.for<Node>(nodeResource);
    const labels = { ...nodeLabels(name, this.#machine), type: 'fake' };
    const status = this.status();
    try {
      const node = await nodes.create({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {}, status });
      this.#uid = node.metadata.uid ?? '';
      if (node.status?.conditions?.length) return;
    } catch (error) {
      if (!isAlreadyExists(error)) throw error;
    }
    await this.report();
  }

  async report(): Promise<void> {
    const { name } = this.identity;
    const options = { type: 'strategic', subresource: 'status' } as const;
    const body = { status: this.status() };
    const node = await this.#client.for<Node>(nodeResource).patch(name, undefined, body, options);
    this.#uid = node.metadata.uid ?? '';
  }

  async renewLease(): Promise<void> {
    const { name } = this.identity;
    const leases = this.#client.for<Lease>(leaseResource);
    const spec = { holderIdentity: name, leaseDurationSeconds, renewTime: formatMicroTime(this.#clock.now()) };
    if (!this.#hasLease) {
      const owner = { apiVersion: 'v1', kind: 'Node', name, uid: this.#uid };
      try {
        await leases.create({ metadata: { name, namespace: leaseNamespace, ownerReferences: [owner] }, spec });
        this.#hasLease = true;
        return;
      } catch (error) {
        if (!isAlreadyExists(error)) throw error;
      }
    }
    try {
      await leases.patch(name, leaseNamespace, { spec }, { type: 'merge' });
      this.#hasLease = true;
    } catch (error) {
      if (!isNotFound(error)) throw error;
      this.#hasLease = false;
    }
  }
}

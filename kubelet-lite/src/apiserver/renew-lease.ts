/** Renews the node's Lease: the sign of life by which the server tells that the node is there. */
// Like component-helpers/apimachinery/lease.
import type { Client, ResourceRef } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import type { KubeObject } from '@naru/api/object';
import { isConflict, isNotFound } from '@naru/api/status';
import { formatMicroTime } from '@naru/api/time';
import { nodeResource, type Node } from '../node/node-object.ts';

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
const namespace = 'kube-node-lease';

export const renewEvery = 10_000;
const leaseDurationSeconds = 40;

export interface LeaseOptions {
  client: Client;
  clock: Clock;
  nodeName: string;
  onError: (error: unknown) => void;
}

/** Starts at once; returns what ends it. A renewal that fails is tried again with the next. */
export function renewLease({ client, clock, nodeName, onError }: LeaseOptions): () => void {
  const leases = client.for<Lease>(leaseResource);
  let known: Lease | undefined;
  let cancel = () => {};
  let stopped = false;

  const renew = async () => {
    const spec = { holderIdentity: nodeName, leaseDurationSeconds, renewTime: formatMicroTime(clock.now()) };
    if (known) known = await leases.update({ ...known, spec: { ...known.spec, ...spec } });
    else known = await findOrMake(spec);
  };

  const findOrMake = async (spec: NonNullable<Lease['spec']>): Promise<Lease> => {
    try {
      const found = await leases.get(nodeName, namespace);
      return await leases.update({ ...found, spec: { ...found.spec, ...spec } });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    const node = await client.for<Node>(nodeResource).get(nodeName);
    const owner = { apiVersion: 'v1', kind: 'Node', name: nodeName, uid: node.metadata.uid ?? '' };
    return leases.create({ metadata: { name: nodeName, namespace, ownerReferences: [owner] }, spec });
  };

  const turn = async () => {
    try {
      await renew();
    } catch (error) {
      known = undefined;
      if (!isConflict(error)) onError(error);
    }
    if (!stopped) cancel = clock.after(renewEvery, () => void turn());
  };
  void turn();
  return () => {
    stopped = true;
    cancel();
  };
}

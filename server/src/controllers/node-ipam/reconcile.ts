/** Gives every node the range of addresses its pods get. */
// Like pkg/controller/nodeipam with the range allocator.
import { isNotFound } from '@naru/api/status';
import { controllerUser, defineController } from '../runtime/define-controller.ts';
import { nodes } from '../runtime/resources.ts';
import type { Node } from '../node-lifecycle/node.ts';
import { cidrPool, type CidrPool } from './pod-cidrs.ts';

export function nodeIpam() {
  let pool: CidrPool | undefined;
  return defineController({
    name: 'node-ipam-controller',
    user: controllerUser('node-controller'),
    component: 'cidrAllocator',
    for: nodes,
    // As upstream: the pool marks a range as taken when it gives it, so several nodes may be written at once.
    workers: 30,
    prepare({ informers, config }) {
      const ranges = cidrPool(config.podCidr, config.nodeCidrMaskSize ?? 24);
      pool = ranges;
      const take = ({ spec }: Node) => spec?.podCIDR && ranges.occupy(spec.podCIDR);
      informers.for<Node>(nodes).listen({
        add: take,
        update: take,
        delete: ({ spec }) => spec?.podCIDR && ranges.release(spec.podCIDR),
      });
    },
    async reconcile(name, { client, informers, events }) {
      const node = informers.for<Node>(nodes).get(name);
      if (!node || node.spec?.podCIDR) return;
      const podCIDR = pool?.next();
      if (!podCIDR) {
        events.event(node, nodes, 'Normal', 'CIDRNotAvailable', `Node ${name} status is now: CIDRNotAvailable`);
        throw new Error(`no pod range left for node ${name}`);
      }
      try {
        const body = { spec: { podCIDR, podCIDRs: [podCIDR] } };
        await client.for<Node>(nodes).patch(name, undefined, body, { type: 'strategic' });
      } catch (error) {
        pool?.release(podCIDR);
        if (!isNotFound(error)) throw error;
      }
    },
  });
}

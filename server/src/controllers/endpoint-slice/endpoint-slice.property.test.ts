/** Whatever happens on the way, a service's slices end with each of its pods once, as it is. */
import { expect, test } from '@jest/globals';
import { labels, readyNode, template } from '../../testing/simulation/fixtures.ts';
import { holds, podMishaps } from '../../testing/simulation/steps.ts';
import { isFinished, isReady, type Pod } from '../runtime/pod.ts';
import { endpointSlices, nodes, pods, services } from '../runtime/resources.ts';
import { timestamp } from '../runtime/timestamp.ts';
import { endpointSlice } from './reconcile.ts';
import type { Service } from './service.ts';
import type { EndpointSlice } from './slices.ts';

const ports = (targetPort: number) => [{ port: 80, targetPort, protocol: 'TCP' }];

test("a Service's slices converge on its pods", async () => {
  let port = 8080;
  let portChanges = 0;
  let turn = 0;
  await holds({
    controllers: () => [endpointSlice],
    async given({ client, namespace, clock }) {
      [port, portChanges] = [8080, 0];
      await client.for(nodes).create(readyNode('somewhere', timestamp(clock.now())));
      const spec = { selector: labels, ports: ports(port) };
      await client.for(services).create({ metadata: { name: 'web', namespace }, spec });
    },
    acts: {
      ...podMishaps,
      async makePod({ client, namespace }) {
        await client.for<Pod>(pods).create({ ...template(), metadata: { name: `p-${turn++}`, namespace, labels } });
      },
      async relabelPod(simulation, n) {
        const all = await simulation.list<Pod>(pods);
        const { name = '' } = all[n % Math.max(1, all.length)]?.metadata ?? {};
        const body = { metadata: { labels: { app: n % 2 ? 'web' : 'other' } } };
        if (name) await simulation.client.for(pods).patch(name, simulation.namespace, body, { type: 'merge' });
      },
      async changePort({ client, namespace }, n) {
        if (port === 8080 + (n % 3)) return;
        port = 8080 + (n % 3);
        portChanges++;
        const all = client.for<Service>(services);
        const found = await all.get('web', namespace);
        await all.update({ ...found, spec: { ...found.spec, ports: ports(port) } });
      },
    },
    async finally(simulation) {
      const wanted = (await simulation.list<Pod>(pods)).filter(
        (pod) => pod.metadata.labels?.['app'] === 'web' && !isFinished(pod) && pod.status?.podIP,
      );
      const slices = await simulation.list<EndpointSlice>(endpointSlices);
      const own = slices.filter(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === 'web');
      const shown = own.flatMap(({ endpoints }) => endpoints ?? []);
      const facts = (pairs: [string | undefined, boolean | undefined][]) => pairs.map(String).sort();
      expect(facts(shown.map(({ targetRef, conditions }) => [targetRef?.name, conditions?.ready]))).toEqual(
        facts(wanted.map((pod) => [pod.metadata.name, isReady(pod)])),
      );
      for (const slice of own) if (slice.endpoints?.length) expect(slice.ports).toMatchObject([{ port }]);
      expect(own).toHaveLength(1);
      expect(simulation.written('create', endpointSlices).length).toBeLessThanOrEqual(1 + portChanges + wanted.length);
      expect(simulation.complaints).toEqual([]);
    },
  });
}, 120_000);

/** Whatever happens on the way, a deleted namespace goes with all that is in it, and no other namespace loses anything. */
import { expect, test } from '@jest/globals';
import { isNotFound, isStatusError } from '@naru/api/status';
import { template } from '../../testing/simulation/fixtures.ts';
import { holds } from '../../testing/simulation/steps.ts';
import type { Simulation } from '../../testing/simulation/simulation.ts';
import type { Pod } from '../runtime/pod.ts';
import { configMaps, namespaces, pods, serviceAccounts } from '../runtime/resources.ts';
import { namespace as namespaceController } from './reconcile.ts';

const doomed = 'doomed';

const serve = async ({ client, kubelet }: Simulation) => {
  for (const pod of (await client.for<Pod>(pods).list()).items) await kubelet.advance(pod);
};

/** Nothing new gets into a namespace that is going, or is gone. */
async function unlessRefused(done: Promise<unknown>): Promise<boolean> {
  try {
    await done;
    return true;
  } catch (error) {
    if (isNotFound(error) || (isStatusError(error) && error.code === 403)) return false;
    throw error;
  }
}

const remove = async ({ client }: Simulation) =>
  void (await unlessRefused(
    client
      .for(namespaces)
      .delete(doomed)
      .catch((error: unknown) => {
        if (!isStatusError(error) || error.code !== 409) throw error; // it is going already
      }),
  ));

test('a namespace goes with its content and with nothing else', async () => {
  let kept = 0;
  await holds({
    controllers: () => [namespaceController],
    async given(simulation) {
      kept = 0;
      await simulation.makeNamespace(doomed);
      const account = { metadata: { name: 'default', namespace: doomed } };
      await simulation.client.for(serviceAccounts).create(account);
    },
    acts: {
      async makeInside({ client }, n) {
        const metadata = { generateName: 'x-', namespace: doomed };
        const finalizers = n % 4 === 0 ? { finalizers: ['example.com/wait'] } : {};
        if (n % 2) await unlessRefused(client.for(configMaps).create({ metadata: { ...metadata, ...finalizers } }));
        else await unlessRefused(client.for<Pod>(pods).create({ ...template(), metadata }));
      },
      async makeOutside({ client, namespace }) {
        await client.for(configMaps).create({ metadata: { generateName: 'kept-', namespace } });
        kept++;
      },
      serveAllNamespaces: serve,
      remove,
    },
    async settle(simulation) {
      await remove(simulation);
      await simulation.settle(async () => {
        await serve(simulation);
        for (const { metadata } of (await simulation.client.for(configMaps).list({ namespace: doomed })).items) {
          if (!metadata.finalizers || !metadata.deletionTimestamp) continue;
          const body = { metadata: { finalizers: null } };
          await unlessRefused(
            simulation.client.for(configMaps).patch(metadata.name ?? '', doomed, body, { type: 'merge' }),
          );
        }
      });
    },
    async finally(simulation) {
      const names = (await simulation.list(namespaces)).map(({ metadata }) => metadata.name);
      expect(names).not.toContain(doomed);
      expect(names).toContain('default');
      for (const resource of [configMaps, pods, serviceAccounts])
        expect((await simulation.client.for(resource).list({ namespace: doomed })).items).toEqual([]);
      const outside = (await simulation.list(configMaps)).filter(({ metadata }) => metadata.name?.startsWith('kept-'));
      expect(outside).toHaveLength(kept);
    },
  });
}, 120_000);

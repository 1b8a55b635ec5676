/** A start with 50,000 stored objects: the server is killed, and what counts is from its next process to /readyz. */
import { eventually } from '../../harness/eventually.ts';
import { call, type Target } from '../../harness/target.ts';
import type { Row } from '../row.ts';
import { timeToReady } from '../time-to-ready.ts';

const count = 50_000;
const path = '/api/v1/namespaces/default/configmaps';
const headers = { 'content-type': 'application/json' };

export const startWithObjects: Row = {
  name: 'stored',
  async measure({ target, server }) {
    await store(target);
    const { seconds, processorSeconds } = await timeToReady(target, server);
    const { body } = await call(target, { path: `${path}?limit=1` });
    const { metadata } = body as { metadata: { remainingItemCount: number } };
    if (metadata.remainingItemCount + 1 < count) throw new Error('the start lost objects');
    const goal = '≤ 3 s';
    return [
      { what: `start to /readyz with ${count} stored objects`, value: seconds, unit: 's', goal, met: seconds <= 3 },
      { what: '… processor time', value: processorSeconds, unit: 's', goal, met: processorSeconds <= 3 },
    ];
  },
};

async function store(target: Target): Promise<void> {
  await eventually(async () => (await call(target, { path })).status === 200, { what: 'the namespace' });
  let next = 0;
  const client = async () => {
    while (next < count) {
      const body = JSON.stringify({ metadata: { name: `stored-${next++}` }, data: { text: 'x'.repeat(700) } });
      const { status } = await call(target, { method: 'POST', path, headers, body });
      if (status !== 201) throw new Error(`a create was answered with ${status}`);
    }
  };
  await Promise.all(Array.from({ length: 64 }, client));
}

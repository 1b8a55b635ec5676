/** Writes that arrive together share what a quota has left. */
import { expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import type { AnyObject } from '@naru/api/object';
import { conflict } from '@naru/api/status';
import { configMap } from '../../kinds/core/config-map.ts';
import type { Attributes } from '../admission.ts';
import type { Reader } from '../reader.ts';
import { resourceQuota } from './resource-quota.ts';

function quotaOf(most: number) {
  let quota: AnyObject = {
    metadata: { name: 'q', namespace: 'n' },
    spec: {},
    status: { hard: { configmaps: String(most) }, used: { configmaps: '0' } },
  };
  let conflicts = 0;
  const reader: Reader = { find: () => undefined, all: () => [quota] };
  const plugin = resourceQuota({
    reader,
    clock: new FakeClock(),
    async updateStatus(next) {
      await Promise.resolve();
      if (conflicts-- > 0) throw conflict({ group: '', resource: 'resourcequotas' }, 'q');
      quota = next;
    },
  });
  return {
    plugin,
    used: () => (quota['status'] as { used: object }).used,
    failNext: (times: number) => (conflicts = times),
  };
}

const creation = (dryRun = false): Attributes => ({
  operation: 'CREATE',
  kind: configMap,
  namespace: 'n',
  name: 'c',
  subresource: '',
  user: { name: 'u', groups: [] },
  dryRun,
  object: { metadata: { name: 'c' } },
  warn: () => {},
});

test('of several at once, no more get in than there is room for', async () => {
  const { plugin, used } = quotaOf(3);
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => plugin.validate!(creation())));
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  expect(used()).toEqual({ configmaps: '3' });
});

test('somebody else wrote the quota: it is read again', async () => {
  const { plugin, used, failNext } = quotaOf(3);
  failNext(2);
  await plugin.validate!(creation());
  expect(used()).toEqual({ configmaps: '1' });
});

test('a dry run takes nothing, but is refused all the same', async () => {
  const { plugin, used } = quotaOf(1);
  await plugin.validate!(creation(true));
  expect(used()).toEqual({ configmaps: '0' });
  await plugin.validate!(creation());
  await expect(plugin.validate!(creation(true))).rejects.toMatchObject({
    message:
      'configmaps "c" is forbidden: exceeded quota: q, requested: configmaps=1, used: configmaps=1, limited: configmaps=1',
  });
});

/** What may help an app that runs out of memory. */
import { expect, test } from '@jest/globals';
import { app, ended, exits, gibi, now, pod, roomOf } from '../testing/views.ts';
import { outOfMemoryKilled } from './crashes.ts';

test('a limit is not raised beyond what a machine has', () => {
  const killed = pod({
    status: ended('OOMKilled', 137),
    resources: { limits: { memory: '8Gi' }, requests: { memory: '8Gi' } },
  });
  const codes = (free: number) => {
    const found = outOfMemoryKilled.find(
      app({ pods: [killed], exits: exits(1, 'OOMKilled'), room: roomOf(4000, free) }),
      now,
    );
    return found !== 'unknown' && found[0]?.fixes?.map(({ code }) => code);
  };
  expect(codes(16 * gibi)).toEqual(['raise-memory-limit', 'show-logs']);
  expect(codes(11 * gibi)).toEqual(['show-logs']);
});

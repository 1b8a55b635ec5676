/** The queue's promises: fair, stingy, one worker per key, and late when asked to be. */
import { expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import { WorkQueue } from './work-queue.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

function queueOf(work: (key: string) => Promise<void>, clock = new FakeClock()) {
  const failed: string[] = [];
  const queue = new WorkQueue({ clock, workers: 2, work, onError: (key) => failed.push(key) });
  queue.start();
  return { queue, clock, failed };
}

test('a key that is added often waits once', async () => {
  const seen: string[] = [];
  const { queue } = queueOf(async (key) => void seen.push(key));
  for (const key of ['a', 'b', 'a', 'a']) queue.add(key);
  await turn();
  expect(seen).toEqual(['a', 'b']);
});

test('a key added while it is worked on comes again afterwards, never at the same time', async () => {
  let running = 0;
  let most = 0;
  let finish: () => void = () => {};
  const { queue } = queueOf(async () => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => (finish = resolve));
    running--;
  });
  queue.add('a');
  await turn();
  queue.add('a');
  await turn();
  expect(running).toBe(1);
  finish();
  await turn();
  await turn();
  expect([running, most]).toEqual([1, 1]);
});

test('failures come back after 5 ms, then 10, until one goes well', async () => {
  let attempts = 0;
  const { queue, clock, failed } = queueOf(async () => {
    if (++attempts < 3) throw new Error('no');
  });
  queue.add('a');
  await turn();
  for (const pause of [5, 10]) {
    clock.advance(pause - 1);
    await turn();
    clock.advance(1);
    await turn();
  }
  expect([attempts, failed]).toEqual([3, ['a', 'a']]);
});

test('of several delays the soonest counts, and none overflows a timer', async () => {
  const seen: string[] = [];
  const { queue, clock } = queueOf(async (key) => void seen.push(key));
  queue.addAfter('a', 2 ** 40);
  queue.addAfter('a', 50);
  queue.addAfter('a', 100);
  clock.advance(50);
  await turn();
  clock.advance(100);
  await turn();
  expect(seen).toEqual(['a']);
});

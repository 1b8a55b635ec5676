import { expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import { RestartBackoff } from './restart-backoff.ts';

test('the first restart is at once, then 10 s, doubling to 5 minutes', () => {
  const clock = new FakeClock(0);
  const backoff = new RestartBackoff(clock);
  const waits: number[] = [];
  for (let restart = 0; restart < 8; restart++) {
    const failedAt = clock.now();
    const until = backoff.until('c', failedAt);
    waits.push(Math.max(0, until - failedAt) / 1000);
    clock.advance(Math.max(0, until - failedAt));
    backoff.next('c', failedAt);
  }
  expect(waits).toEqual([0, 10, 20, 40, 80, 160, 300, 300]);
});

test('ten good minutes are a fresh start', () => {
  const clock = new FakeClock(0);
  const backoff = new RestartBackoff(clock);
  backoff.next('c', clock.now());
  clock.advance(601_000);
  expect(backoff.until('c', clock.now())).toBe(0);
  backoff.next('c', clock.now());
  expect(backoff.waitOf('c')).toBe(10_000);
});

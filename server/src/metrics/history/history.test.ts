import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FakeClock } from '@naru/api/clock';
import { History, steps, type Row } from './history.ts';
import type { Resolution } from './records.ts';

let directory: string;
let file: string;
let clock: FakeClock;
const open: History[] = [];
const errors: unknown[] = [];

beforeEach(() => {
  directory = mkdtempSync(path.join(tmpdir(), 'naru-history-'));
  file = path.join(directory, 'usage');
  clock = new FakeClock();
});

afterEach(async () => {
  for (const history of open.splice(0)) await history.close();
  rmSync(directory, { recursive: true });
  expect(errors.splice(0)).toEqual([]);
});

function opened(): History {
  const history = new History({ file, clock, onError: (error) => errors.push(error) });
  open.push(history);
  return history;
}

async function closed(history: History): Promise<void> {
  open.splice(open.indexOf(history), 1);
  await history.close();
}

const container = (name: string, cpu: number): Row => ({
  series: { kind: 'container', namespace: 'default', name, uid: `uid-${name}`, labels: { app: name }, container: 'c' },
  values: [cpu, cpu * 1024],
});

/** `name=cpu` of every row of every tick. */
async function told(history: History, resolution: Resolution, since = 0): Promise<string[]> {
  const found: string[] = [];
  await history.read(resolution, since, (time, rows) => {
    const texts = [...rows].map(([series, [cpu]]) => `${series.name}=${cpu}`);
    found.push(`${(time - start) / 1000}s ${texts.join(' ')}`);
  });
  return found;
}

const start = new FakeClock().now();

function step(history: History, rows: Row[]): void {
  history.add(clock.now(), rows);
  clock.advance(steps.fine);
}

test('what was added is told, oldest first, also after a restart', async () => {
  const history = opened();
  step(history, [container('a', 1)]);
  step(history, [container('a', 2), container('b', 3)]);
  step(history, [container('b', 4)]);
  expect(await told(history, 'fine')).toEqual(['0s a=1', '15s a=2 b=3', '30s b=4']);
  expect(await told(history, 'fine', start + 15_000)).toEqual(['15s a=2 b=3', '30s b=4']);
  await closed(history);
  const again = opened();
  await again.ready();
  step(again, [container('b', 5)]);
  expect(await told(again, 'fine')).toEqual(['0s a=1', '15s a=2 b=3', '30s b=4', '45s b=5']);
});

test('a minute is told as the mean of its values, those that are no number left out', async () => {
  const history = opened();
  for (const cpu of [1, 3, NaN, 2]) step(history, [container('a', cpu)]);
  step(history, [container('a', 8)]);
  expect(await told(history, 'coarse')).toEqual(['0s a=2']);
  await closed(history);
  expect(await told(opened(), 'coarse')).toEqual(['0s a=2', '60s a=8']);
});

test('a torn end is cut off, and the history goes on after it', async () => {
  const history = opened();
  step(history, [container('a', 1)]);
  await told(history, 'fine');
  const whole = statSync(file).size;
  step(history, [container('a', 2)]);
  await told(history, 'fine');
  const torn = statSync(file).size;
  for (const size of [whole + 1, whole + 9, torn - 1]) {
    truncateSync(file, size);
    const again = opened();
    expect(await told(again, 'fine')).toEqual(['0s a=1']);
    again.add(start + 30_000, [container('a', 3)]);
    expect(await told(again, 'fine')).toEqual(['0s a=1', '30s a=3']);
    truncateSync(file, whole); // as it was, for the next one
  }
  errors.length = 0;
});

test('bytes that do not verify end what is believed', async () => {
  const history = opened();
  step(history, [container('a', 1)]);
  await closed(history);
  const size = statSync(file).size;
  appendFileSync(file, Buffer.alloc(100, 7));
  const again = opened();
  expect(await told(again, 'fine')).toEqual(['0s a=1']);
  expect(statSync(file).size).toBe(size);
});

test('a file of another kind is begun anew', async () => {
  appendFileSync(file, 'something else entirely');
  expect(await told(opened(), 'fine')).toEqual([]);
  expect(readFileSync(file, 'utf8')).toBe('naru usage 1\n');
});

test('a day of 20 pods stays below 2 MB, and the last 2 hours and 24 hours of it are told', async () => {
  const history = opened();
  const rows = Array.from({ length: 20 }, (_, pod): Row[] => [
    { series: { kind: 'pod', namespace: 'n', name: `pod-${pod}`, uid: `uid-${pod}` }, values: [1, 2, 3, 4] },
    {
      series: { kind: 'container', namespace: 'n', name: `pod-${pod}`, uid: `uid-${pod}`, container: 'c' },
      values: [0.5, 1e6],
    },
  ]).flat();
  let largest = 0;
  for (let tick = 0; tick < 26 * 240; tick++) {
    step(history, rows);
    if (tick % 40 === 0) {
      await history.ready();
      largest = Math.max(largest, history.size);
    }
  }
  const now = clock.now();
  expect(largest).toBeLessThan(2_000_000);
  expect((await told(history, 'fine', now - 2 * 3_600_000)).length).toBe(480);
  const day = await told(history, 'coarse', now - 24 * 3_600_000);
  expect(day.length).toBeGreaterThanOrEqual(1439);
  expect(day.at(-1)).toContain('pod-19=0.5');
}, 60_000);

test('a pod that comes back after a day is known again', async () => {
  const history = opened();
  step(history, [container('old', 1)]);
  for (let hour = 0; hour < 30; hour++) {
    for (let tick = 0; tick < 240; tick += 4) {
      step(history, [
        container('steady', hour),
        ...Array.from({ length: 40 }, (_, n) => container(`x${hour}-${n}`, 1)),
      ]);
      clock.advance(3 * steps.fine);
    }
    await history.ready();
  }
  step(history, [container('old', 2)]);
  const found = await told(history, 'fine', clock.now() - 60_000);
  expect(found.at(-1)).toContain('old=2');
}, 60_000);

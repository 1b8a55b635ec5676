import { expect, test } from '@jest/globals';
import type { Finding } from './rule.ts';
import { step, wakeAfter, type AlertState, type Step } from './state.ts';

const rule = { severity: 'warning', forSeconds: 30, keepSeconds: 60 } as const;
const finding: Finding = { params: { app: 'web' }, instances: ['web-1'] };

/** What is seen at which second, and what the alert then is. */
type Row = [second: number, seen: Step['finding'], phase: AlertState['phase'] | 'none', more?: Partial<Step>];

function play(rows: readonly Row[]): AlertState | undefined {
  let state: AlertState | undefined;
  for (const [second, seen, phase, more] of rows) {
    state = step(state, { rule, now: second * 1000, finding: seen, ...more });
    expect([second, state?.phase ?? 'none']).toEqual([second, phase]);
    if (state?.phase === 'resolved') return state;
  }
  return state;
}

test('a condition fires when it has lasted, and is over when it has been gone for long enough', () => {
  const state = play([
    [0, finding, 'pending'],
    [29, finding, 'pending'],
    [30, finding, 'firing'],
    [40, undefined, 'recovering'],
    [99, undefined, 'recovering'],
    [100, undefined, 'resolved'],
  ]);
  expect(state).toMatchObject({ startedAt: 0, firedAt: 30_000, resolvedAt: 100_000, timesFired: 1 });
});

test('what goes before it has lasted is nothing', () => {
  play([
    [0, finding, 'pending'],
    [20, undefined, 'none'],
    [25, finding, 'pending'],
    [50, finding, 'pending'],
    [55, finding, 'firing'],
  ]);
});

test('what comes back while it recovers is the same alert', () => {
  const state = play([
    [0, finding, 'pending'],
    [30, finding, 'firing'],
    [40, undefined, 'recovering'],
    [90, finding, 'firing'],
    [149, undefined, 'recovering'],
    [208, undefined, 'recovering'],
    [209, undefined, 'resolved'],
  ]);
  expect(state?.firedAt).toBe(30_000);
});

test('a condition known to be older fires at once', () => {
  play([[100, { ...finding, since: 60_000 }, 'firing']]);
});

test('while a change settles nothing new fires, but what fires already goes on', () => {
  play([
    [0, finding, 'none', { rests: true }],
    [60, finding, 'none', { rests: true }],
    [61, finding, 'pending'],
    [91, finding, 'firing'],
    [92, finding, 'firing', { rests: true }],
  ]);
  play([
    [0, finding, 'pending'],
    [10, finding, 'none', { rests: true }],
  ]);
});

test('missing measurements neither fire nor resolve', () => {
  play([
    [0, 'unknown', 'none'],
    [1, finding, 'pending'],
    [40, 'unknown', 'pending'],
    [41, finding, 'firing'],
    [500, 'unknown', 'firing'],
  ]);
  const state = play([
    [0, finding, 'pending'],
    [30, finding, 'firing'],
    [90, 'unknown', 'firing'],
  ]);
  expect(state?.stale).toBe(true);
  expect(step(state, { rule, now: 95_000, finding })?.stale).toBeUndefined();
});

test('it is over at once when what showed it is gone', () => {
  play([
    [0, finding, 'pending'],
    [30, finding, 'firing'],
    [31, undefined, 'resolved', { isOver: true }],
  ]);
});

test('an alert that came and went five times is kept open for a quarter of an hour', () => {
  const unstable: AlertState = {
    phase: 'firing',
    severity: 'warning',
    params: {},
    instances: [],
    fixes: [],
    startedAt: 0,
    firedAt: 0,
    timesFired: 5,
  };
  const clear = step(unstable, { rule, now: 0, finding: undefined });
  expect(step(clear, { rule, now: 14 * 60_000, finding: undefined })?.phase).toBe('recovering');
  expect(step(clear, { rule, now: 15 * 60_000, finding: undefined })?.phase).toBe('resolved');
});

test('severity and details follow the newest finding', () => {
  const firing = step(undefined, { rule: { ...rule, forSeconds: 0 }, now: 0, finding });
  const next = step(firing, { rule, now: 1, finding: { params: { app: 'web', code: '1' }, severity: 'critical' } });
  expect(next).toMatchObject({ severity: 'critical', params: { app: 'web', code: '1' }, instances: [] });
});

test('a pending alert wakes when it is to fire, an open one every 15 s, one that is over never', () => {
  const pending = step(undefined, { rule, now: 0, finding })!;
  expect(wakeAfter(pending, rule, 20_000)).toBe(10_000);
  expect(wakeAfter({ ...pending, phase: 'firing' }, rule, 0)).toBe(15_000);
  expect(wakeAfter({ ...pending, phase: 'resolved' }, rule, 0)).toBeUndefined();
});

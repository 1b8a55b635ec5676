import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { fold, type Candidate } from './fold.ts';
import { isWorse, type Severity } from './rule.ts';
import { appRules } from './rules/index.ts';
import type { AlertState } from './state.ts';

const names = appRules.map(({ name }) => name);
const phases = ['pending', 'firing', 'recovering', 'resolved'] as const;
const severities = ['critical', 'warning', 'info'] as const;

const candidate = (name: string, more: Partial<AlertState> = {}, isTold = false): Candidate => ({
  fingerprint: name,
  rule: appRules.find((rule) => rule.name === name)!,
  state: {
    phase: 'firing',
    severity: 'warning',
    params: {},
    instances: ['a'],
    fixes: [],
    startedAt: 0,
    timesFired: 1,
    ...more,
  },
  isTold,
});

const everywhere = (machine: string) => () => machine;

const candidates = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...names),
      phase: fc.constantFrom(...phases),
      severity: fc.constantFrom<Severity>(...severities),
      isTold: fc.boolean(),
    }),
    { selector: ({ name }) => name },
  )
  .map((list) =>
    list.map(({ name, phase, severity, isTold }) =>
      candidate(name, { phase, severity }, isTold && phase !== 'pending'),
    ),
  );

const surroundings = fc.record({
  offline: fc.constantFrom([], [{ fingerprint: 'offline', machine: 'm1' }]),
  elsewhere: fc.constantFrom([], ['elsewhere']),
  machineOf: fc.constantFrom(everywhere('m1'), everywhere('m2'), () => undefined),
});

test('whatever is open: something is told, nothing is lost, nobody follows from itself or in a circle', () => {
  fc.assert(
    fc.property(candidates, surroundings, (list, around) => {
      const { folded, follows } = fold(list, around);
      const open = list.filter(({ state }) => state.phase !== 'resolved');
      const outside = new Set(['offline', 'elsewhere']);
      for (const [from, to] of [...folded, ...follows]) {
        expect(from).not.toBe(to);
        // A cause stands by itself, or is told already.
        expect(folded.has(to)).toBe(false);
        expect(outside.has(to) || open.some(({ fingerprint }) => fingerprint === to)).toBe(true);
      }
      // What people know of is not taken back; what they do not know of is not said twice.
      for (const { fingerprint, isTold } of list) {
        if (folded.has(fingerprint)) expect(isTold).toBe(false);
        expect(folded.has(fingerprint) && follows.has(fingerprint)).toBe(false);
      }
      for (const { state, fingerprint } of list)
        if (state.phase === 'resolved') expect(folded.has(fingerprint)).toBe(false);
      const isExplained = [...folded.values()].some((to) => outside.has(to));
      if (open.length > 0 && !isExplained) expect(open.some(({ fingerprint }) => !folded.has(fingerprint))).toBe(true);
    }),
    { numRuns: 400 },
  );
});

test('a cause is hidden by a graver cause only, and by a machine that does not answer', () => {
  fc.assert(
    fc.property(candidates, surroundings, (list, around) => {
      const byFingerprint = new Map(list.map((one) => [one.fingerprint, one]));
      for (const [from, to] of fold(list, around).folded) {
        const [hidden, by] = [byFingerprint.get(from)!, byFingerprint.get(to)];
        if (hidden.rule.role !== 'cause' || !by) continue;
        expect(by.rule.role).toBe('cause');
        expect(isWorse(by.state.severity, hidden.state.severity)).toBe(true);
      }
    }),
    { numRuns: 400 },
  );
});

test('the order in which rules are asked does not decide whether an alert is told', () => {
  fc.assert(
    fc.property(candidates, (list) => {
      // Two that are worse than a third may each be named as its cause; that it is folded does not change.
      const told = (order: readonly Candidate[]) =>
        [...fold(order, { offline: [], machineOf: () => 'm1' }).folded.keys()].sort();
      expect(told([...list].reverse())).toEqual(told(list));
    }),
    { numRuns: 400 },
  );
});

test.each(['AppDown', 'AppDegraded', 'InstanceNotReady', 'RolloutStuck', 'StuckStarting', 'Flapping'])(
  '%s is told with the crash loop that it comes from, which is only suspected so far',
  (name) => {
    const list = [candidate(name, { severity: 'critical' }), candidate('CrashLooping', { phase: 'pending' })];
    expect([...fold(list, { offline: [], machineOf: () => 'm1' }).folded]).toEqual([[name, 'CrashLooping']]);
  },
);

test('an instance on a machine that answers keeps its alert', () => {
  const offline = [{ fingerprint: 'offline', machine: 'm1' }];
  const list = [candidate('InstanceNotReady', { instances: ['a', 'b'] })];
  const machineOf = (pod: string) => (pod === 'a' ? 'm1' : 'm2');
  expect(fold(list, { offline, machineOf }).folded.size).toBe(0);
  expect(fold(list, { offline, machineOf: everywhere('m1') }).folded.get('InstanceNotReady')).toBe('offline');
});

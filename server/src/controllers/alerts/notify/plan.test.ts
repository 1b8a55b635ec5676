import { expect, test } from '@jest/globals';
import type { Alert, AlertStatus } from '../alert.ts';
import type { Severity } from '../rule.ts';
import { plan } from './plan.ts';

const start = Date.UTC(2026, 0, 1);
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString().replace('.000', '');

const alert = (name: string, status: AlertStatus, severity: Severity = 'warning'): Alert => ({
  metadata: { name, namespace: 'shop' },
  spec: { rule: 'CrashLooping', severity, subject: { kind: 'Deployment', name: 'web' } },
  status,
});

/** Names told of as firing, as resolved, and seconds until the next look. */
function planned(alerts: readonly Alert[], seconds: number, minimum: Severity = 'warning') {
  const { firing, resolved, after } = plan(alerts, {
    channel: 'ops',
    minimumSeverity: minimum,
    now: start + seconds * 1000,
  });
  const names = (list: readonly Alert[]) => list.map(({ metadata }) => metadata.name);
  return [names(firing), names(resolved), after === undefined ? undefined : after / 1000];
}

const firing = (more: AlertStatus = {}): AlertStatus => ({ state: 'firing', firedAt: at(0), ...more });

test('alerts of one cause wait for each other and are told once', () => {
  const first = alert('a', firing());
  expect(planned([first], 0)).toEqual([[], [], 10]);
  const second = alert('b', firing({ firedAt: at(5) }));
  expect(planned([first, second], 10)).toEqual([['a', 'b'], [], undefined]);
  const told = [first, second].map((one) => ({ ...one, status: { ...one.status, notified: { ops: at(10) } } }));
  expect(planned(told, 20)).toEqual([[], [], 10 + 4 * 3600 - 20]);
});

test('what comes later to the same app waits for five minutes', () => {
  const told = alert('a', firing({ notified: { ops: at(10) } }));
  const later = alert('b', firing({ firedAt: at(60) }));
  expect(planned([told, later], 70)).toEqual([[], [], 240]);
  expect(planned([told, later], 310)[0]).toEqual(['b']);
});

test('a critical alert is told again every hour until somebody takes it on', () => {
  const told = alert('a', firing({ notified: { ops: at(10) } }), 'critical');
  expect(planned([told], 3600)).toEqual([[], [], 10]);
  expect(planned([told], 3610)[0]).toEqual(['a']);
  const taken = { ...told, status: { ...told.status!, acknowledged: { by: 'mina' } } };
  expect(planned([taken], 10_000)).toEqual([[], [], undefined]);
});

test('an end is told to whom the beginning was told, once, whatever was acknowledged', () => {
  const over: AlertStatus = { state: 'resolved', firedAt: at(0), resolvedAt: at(100), acknowledged: { by: 'mina' } };
  expect(planned([alert('a', over)], 200)).toEqual([[], [], undefined]);
  const told = alert('a', { ...over, notified: { ops: at(10) } });
  expect(planned([told], 100)).toEqual([[], [], 10]);
  expect(planned([told], 110)).toEqual([[], ['a'], undefined]);
  const ended = alert('a', { ...over, notified: { ops: at(10), 'ops/resolved': at(110) } });
  expect(planned([ended], 500)).toEqual([[], [], undefined]);
});

test('an alert that is silenced, mild, info or a consequence is not told', () => {
  expect(planned([alert('a', firing({ silencedUntil: at(3600) }))], 60)).toEqual([[], [], 3540]);
  const over: AlertStatus = { state: 'resolved', firedAt: at(0), resolvedAt: at(100), notified: { ops: at(10) } };
  expect(planned([alert('a', { ...over, silencedUntil: at(3600) })], 200)).toEqual([[], [], 3400]);
  expect(planned([alert('a', firing())], 60, 'critical')).toEqual([[], [], undefined]);
  expect(planned([alert('a', firing(), 'info')], 60)).toEqual([[], [], undefined]);
  const causes = [{ rule: 'MachineOffline', subject: { kind: 'Node', name: 'm' } }];
  expect(planned([alert('a', firing({ causes }))], 60)).toEqual([[], [], undefined]);
});

test('what came back after its end was told is told again, when the group may speak', () => {
  const notified = { ops: at(10), 'ops/resolved': at(70) };
  expect(planned([alert('a', firing({ firedAt: at(120), notified }))], 130)).toEqual([[], [], 240]);
  expect(planned([alert('a', firing({ firedAt: at(120), notified }))], 370)[0]).toEqual(['a']);
  const over: AlertStatus = { state: 'resolved', firedAt: at(120), resolvedAt: at(200), notified };
  expect(planned([alert('a', over)], 1000)).toEqual([[], [], undefined]);
});

test('every channel is told by itself', () => {
  expect(planned([alert('a', firing({ notified: { other: at(10) } }))], 20)[0]).toEqual(['a']);
});

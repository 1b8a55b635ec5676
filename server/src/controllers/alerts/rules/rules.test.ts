/** Every rule that the small cluster can bring about: the condition at which it speaks, and the one next to it at which it does not. */
import { expect, test } from '@jest/globals';
import { fillIn, ruleId, type AnyRule, type Found, type Rule } from '../rule.ts';
import { sentence } from '../sentence.ts';
import { step, type AlertState } from '../state.ts';
import { addressRows } from '../testing/rows/addresses-and-storage.ts';
import { machineRows } from '../testing/rows/machines.ts';
import { servingRows } from '../testing/rows/serving.ts';
import { startingRows } from '../testing/rows/starting.ts';
import { taskRows } from '../testing/rows/tasks-and-autoscalers.ts';
import { now } from '../testing/views.ts';
import { rules } from './index.ts';

const rows = [...startingRows, ...servingRows, ...taskRows, ...machineRows, ...addressRows];
const byId = new Map(rules.map((rule) => [ruleId(rule), rule]));
const find = (id: string, view: unknown): Found => (byId.get(id) as Rule<unknown>).find(view, now);

test.each(rows)('%s: %s', (id, _what, view, expected) => {
  const found = find(id, view);
  const rule = byId.get(id)!;
  if (found === 'unknown') return expect('unknown').toBe(expected);
  expect(found.map(({ severity }) => severity ?? rule.severity)[0]).toBe(expected);
  for (const { params } of found)
    for (const language of ['en', 'ko'] as const) expect(sentence(rule, params, language)).not.toMatch(/[{}]/);
});

test('every rule but the watchdog stands in the table, as something that happens', () => {
  const shown = new Set(rows.filter(([, , , found]) => found && found !== 'unknown').map(([id]) => id));
  expect([...byId.keys()].filter((id) => !shown.has(id))).toEqual(['Watchdog']);
});

test.each(rules.map((rule): [string, AnyRule] => [ruleId(rule), rule]))(
  '%s fires when its time has passed, is kept open for its time, and then is over',
  (_id, rule) => {
    const at = (seconds: number, finding: object | undefined, state?: AlertState) =>
      step(state, { rule, now: seconds * 1000, finding: finding && { params: {} } });
    let state = at(0, {});
    if (rule.forSeconds > 0) {
      expect(at(rule.forSeconds - 1, {}, state)?.phase).toBe('pending');
      state = at(rule.forSeconds, {}, state);
    }
    expect(state?.phase).toBe('firing');
    const gone = rule.forSeconds + 10;
    state = at(gone, undefined, state);
    if (rule.keepSeconds > 0) {
      expect(state?.phase).toBe('recovering');
      expect(at(gone + rule.keepSeconds - 1, undefined, state)?.phase).toBe('recovering');
      state = at(gone + rule.keepSeconds, undefined, state);
    }
    expect(state?.phase).toBe('resolved');
  },
);

test('both languages fill in the same params', () => {
  const params = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
  for (const { message } of rules) expect(params(message.ko)).toEqual(params(message.en));
  expect(fillIn('{a} {b}', { a: '1' })).toBe('1 {b}');
});

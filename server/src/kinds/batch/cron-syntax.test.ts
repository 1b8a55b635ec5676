import { expect, test } from '@jest/globals';
import { scheduleProblem } from './cron-syntax.ts';

test.each([
  '* * * * *',
  '*/5 0-23/2 1,15 jan-DEC sun',
  '? ? ? ? ?',
  '5/10 * * * *',
  '@daily',
  '@every 1h30m',
  'TZ=UTC 0 * * * *',
])('%s is a schedule', (schedule) => {
  expect(scheduleProblem(schedule)).toBeUndefined();
});

test.each([
  ['', 'empty spec string'],
  ['often', 'expected exactly 5 fields, found 1: [often]'],
  ['61 * * * *', 'end of range (61) above maximum (59): 61'],
  ['* * 0 * *', 'beginning of range (0) below minimum (1): 0'],
  ['9-3 * * * *', 'beginning of range (9) beyond end of range (3): 9-3'],
  ['*/0 * * * *', 'step of range should be a positive number: */0'],
  ['1-2-3 * * * *', 'too many hyphens: 1-2-3'],
  ['1/2/3 * * * *', 'too many slashes: 1/2/3'],
  ['x * * * *', 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax'],
  ['-1 * * * *', 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax'],
  ['* * * * 7', 'end of range (7) above maximum (6): 7'],
  ['@sometimes', 'unrecognized descriptor: @sometimes'],
  ['@every x', 'failed to parse duration @every x: time: invalid duration "x"'],
])('%j: %s', (schedule, problem) => {
  expect(scheduleProblem(schedule)).toBe(problem);
});

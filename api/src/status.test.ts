import { expect, test } from '@jest/globals';
import { StatusError } from './status.ts';

test('an error reads in the order of its type, however it was made', () => {
  const { status } = new StatusError({ code: 403, reason: 'Forbidden', message: 'no', details: {} });
  expect(Object.keys(status)).toEqual([
    ...['kind', 'apiVersion', 'metadata', 'status', 'message', 'reason', 'details', 'code'],
  ]);
  expect(Object.keys(new StatusError({ code: 500, message: 'no' }).status)).not.toContain('reason');
});

import { expect, test } from 'vitest';
import { type Channel, channelOf, secretOf, stateOf, testOf } from './channel';

const request = {
  name: 'team',
  url: 'https://x.test/secret',
  form: '',
  minimumSeverity: 'critical',
  language: 'ko',
} as const;
const channel = (spec: object, status: object = {}, asked?: string) =>
  ({
    metadata: { name: 'team', uid: 'u', ...(asked ? { annotations: { 'naru.dev/test-requested-at': asked } } : {}) },
    spec,
    status,
  }) as unknown as Channel;

test('the address is kept as a secret, not in the channel', () => {
  expect(JSON.stringify(channelOf(request))).not.toContain('x.test');
  expect(secretOf(request).stringData.url).toBe(request.url);
  expect(channelOf(request).spec.urlFrom.name).toBe(secretOf(request).metadata.name);
});

test.each([
  [{ paused: true }, { error: 'x' }, 'paused'],
  [{}, { error: 'x', deliveredAt: 't' }, 'failing'],
  [{}, { deliveredAt: 't' }, 'working'],
  [{}, {}, 'unused'],
])('%j %j is %s', (spec, status, state) => expect(stateOf(channel(spec, status))).toBe(state));

test('a test is over when its own request is answered', () => {
  expect(testOf(channel({}))).toBeUndefined();
  expect(testOf(channel({}, { test: { requestedAt: 'one' } }, 'two'))).toBe('waiting');
  expect(testOf(channel({}, { test: { requestedAt: 'two' } }, 'two'))).toBe('passed');
  expect(testOf(channel({}, { test: { requestedAt: 'two', error: 'no' } }, 'two'))).toBe('failed');
});

import { expect, test } from 'vitest';
import { eventWords } from './event-words';

const words = (reason: string, message = '') =>
  eventWords({ reason, message, involvedObject: { name: 'web-1' } } as never);

test.each([
  ['Scheduled', 'Successfully assigned shop/web-1 to node', 'event.scheduled'],
  ['Pulled', 'Container image "web:1" already present on machine', 'event.present'],
  ['Pulled', 'Successfully pulled image "web:1" in 1s', 'event.pulled'],
  ['BackOff', 'Back-off pulling image "web:1"', 'event.pullBackOff'],
  ['BackOff', 'Back-off restarting failed container web in pod web-1', 'event.backOff'],
  ['Failed', 'Failed to pull image "web:1": not found', 'event.pullFailed'],
  ['Failed', 'Error: configmap "a" not found', 'event.failed'],
])('%s: %s', (reason, message, key) => expect(words(reason, message)?.key).toBe(key));

test('the image is named', () =>
  expect(words('Pulling', 'Pulling image "web:1"')?.params).toMatchObject({ image: 'web:1' }));

test('scaling tells to how many', () => {
  expect(words('ScalingReplicaSet', 'Scaled up replica set web-5c7 from 1 to 3')).toEqual({
    key: 'event.scaledUp',
    params: { count: '3' },
  });
  expect(words('ScalingReplicaSet', 'Scaled down replica set web-5c7 to 0')?.key).toBe('event.scaledDown');
});

test('what has no plain words keeps its own', () => {
  expect(words('SomethingNew')).toBeUndefined();
  expect(words('constructor')).toBeUndefined();
});

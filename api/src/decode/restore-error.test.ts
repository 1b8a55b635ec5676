import { expect, test } from '@jest/globals';
import { restoreError } from './restore-error.ts';

const podTemplate = 'k8s.io.api.core.v1.PodTemplate';
const inSpec = (spec: unknown) => ({ template: { spec } });

test.each([
  [{ template: 'x' }, 'cannot restore struct from: string'],
  [inSpec({ containers: {} }), 'cannot restore slice from map'],
  [{ metadata: { labels: ['x'] } }, 'cannot restore map from slice'],
  [{ metadata: { finalizers: [1] } }, 'cannot convert int64 to string'],
  [inSpec({ nodeSelector: { a: 1 } }), 'cannot convert int64 to string'],
  [inSpec({ nodeSelector: { a: true } }), 'unrecognized type: string'],
  [inSpec({ activeDeadlineSeconds: 1.5 }), 'cannot convert float64 to int64'],
  [inSpec({ activeDeadlineSeconds: '1' }), 'unrecognized type: int64'],
  [inSpec({ containers: [{ name: 'c', ports: [{ containerPort: 1 }] }], hostNetwork: null }), undefined],
])('%j: %s', (value, message) => {
  expect(restoreError(value, podTemplate)).toBe(message);
});

import { expect, test } from 'vitest';
import { autoscalerManifest, limitsOf } from './autoscaler-manifest';

const limits = { minimum: 2, maximum: 6, resource: 'memory', target: 80, patience: 60 } as const;
const app = { name: 'web', kind: 'Deployment', project: 'shop' } as const;

test('limits come back as they were written', () => {
  expect(limitsOf(autoscalerManifest(app, limits) as never)).toEqual(limits);
});

test('an autoscaler written by hand is left to its writer', () => {
  const manifest = autoscalerManifest(app, limits);
  const { metrics } = manifest.spec;
  expect(limitsOf({ spec: { ...manifest.spec, metrics: [...metrics, ...metrics] } } as never)).toBeUndefined();
  expect(limitsOf({ spec: { ...manifest.spec, metrics: [{ type: 'External' }] } } as never)).toBeUndefined();
});

/** Quotas and what is charged to them. */
import { expect, test } from '@jest/globals';
import type { AnyObject } from '@naru/api/object';
import { chargeQuotas } from './charge.ts';
import { evaluatorOf } from './evaluators.ts';
import type { Evaluator } from './evaluator.ts';
import { amountsFrom } from './quantity-lists.ts';
import { recount } from './recount.ts';

const evaluator = (plural: string, group = ''): Evaluator => evaluatorOf({ plural, group })!;

const quota = (hard: Record<string, string>, used: Record<string, string>, spec: object = {}): AnyObject => ({
  metadata: { name: 'q', namespace: 'n' },
  spec: { hard, ...spec },
  status: { hard, used },
});

const pod = (requests: Record<string, string>, spec: object = {}, status: object = {}): AnyObject => ({
  metadata: { name: 'p', namespace: 'n' },
  spec: { containers: [{ name: 'c', resources: { requests } }], ...spec },
  status,
});

const charge = (quotas: AnyObject[], plural: string, object: AnyObject, old?: AnyObject) =>
  chargeQuotas({ quotas, evaluator: evaluator(plural), object, old, now: 0 });

const usedAfter = (outcome: ReturnType<typeof charge>) =>
  'charges' in outcome ? outcome.charges.map(({ used }) => Object.fromEntries(used)) : outcome;

test('what a pod takes is added to what is used', () => {
  const one = quota({ pods: '2', 'requests.cpu': '1' }, { pods: '1', 'requests.cpu': '250m' });
  expect(usedAfter(charge([one], 'pods', pod({ cpu: '500m' })))).toEqual([{ pods: '2', 'requests.cpu': '750m' }]);
});

test('a refusal names only what there is too little of', () => {
  const one = quota({ pods: '2', 'requests.cpu': '1' }, { pods: '1', 'requests.cpu': '750m' });
  expect(charge([one], 'pods', pod({ cpu: '500m' }))).toEqual({
    refusal: 'exceeded quota: q, requested: requests.cpu=500m, used: requests.cpu=750m, limited: requests.cpu=1',
  });
});

test('every container has to say what a quota counts', () => {
  const one = quota({ 'limits.memory': '1Gi' }, { 'limits.memory': '0' });
  expect(charge([one], 'pods', pod({ memory: '1Mi' }))).toEqual({
    refusal: 'failed quota: q: must specify limits.memory for: c',
  });
});

test('nothing is let in before the quota has been counted', () => {
  const one = quota({ pods: '1' }, {});
  expect(charge([one], 'pods', pod({}))).toEqual({ refusal: 'status unknown for quota: q, resources: pods' });
});

test('a quota with scopes is about the pods in them', () => {
  const one = quota({ pods: '0' }, { pods: '0' }, { scopes: ['BestEffort'] });
  expect(usedAfter(charge([one], 'pods', pod({ cpu: '1' })))).toEqual([]);
  expect(charge([one], 'pods', pod({}))).toHaveProperty('refusal');
});

test('a change is charged for its difference', () => {
  const service = (type: string): AnyObject => ({ metadata: {}, spec: { type, ports: [{ port: 80 }] } });
  const one = quota({ services: '1', 'services.nodeports': '1' }, { services: '1', 'services.nodeports': '0' });
  expect(usedAfter(charge([one], 'services', service('NodePort'), service('ClusterIP')))).toEqual([
    { services: '1', 'services.nodeports': '1' },
  ]);
});

test('names that are also properties of every object are names', () => {
  const constructor = { metadata: { name: 'x' } };
  const one = quota({ 'count/constructor.example.com': '0' }, { 'count/constructor.example.com': '0' });
  const counted = evaluator('constructor', 'example.com');
  expect(chargeQuotas({ quotas: [one], evaluator: counted, object: constructor, old: undefined, now: 0 })).toEqual({
    refusal:
      'exceeded quota: q, requested: count/constructor.example.com=1, used: count/constructor.example.com=0, limited: count/constructor.example.com=0',
  });
});

test('a count leaves out what is finished, and starts at zero', () => {
  const hard = { pods: '5', 'count/pods': '5', 'requests.cpu': '4', configmaps: '3' };
  const kinds = [
    { evaluator: evaluator('pods'), objects: () => [pod({ cpu: '1' }), pod({ cpu: '1' }, {}, { phase: 'Failed' })] },
    { evaluator: evaluator('configmaps'), objects: () => [] },
  ];
  expect(Object.fromEntries(recount(quota(hard, {}), amountsFrom(hard), kinds, 0))).toEqual({
    pods: '1',
    'count/pods': '2',
    'requests.cpu': '1',
    configmaps: '0',
  });
});

test('the overhead of a pod counts, and sidecars count beside what they serve', () => {
  const hard = { 'requests.cpu': '10' };
  const spec = {
    overhead: { cpu: '100m' },
    initContainers: [
      { name: 's', restartPolicy: 'Always', resources: { requests: { cpu: '200m' } } },
      { name: 'i', resources: { requests: { cpu: '400m' } } },
    ],
  };
  const kinds = [{ evaluator: evaluator('pods'), objects: () => [pod({ cpu: '300m' }, spec)] }];
  expect(Object.fromEntries(recount(quota(hard, {}), amountsFrom(hard), kinds, 0))).toEqual({ 'requests.cpu': '700m' });
});

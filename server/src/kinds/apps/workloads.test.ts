import { expect, test } from '@jest/globals';
import { cloneJson } from '@naru/api/clone-json';
import type { AnyObject } from '@naru/api/object';
import type { Kind } from '../define-kind.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { statefulSet } from './stateful-set.ts';

const context = { now: 0, subresource: '' };
const told = (errors: readonly { field: string; message: string }[] = []) =>
  errors.map(({ field, message }) => `${field}: ${message}`);

function created(kind: Kind, spec: object = {}): AnyObject {
  const object = cloneJson(kind.example!) as AnyObject;
  Object.assign(object['spec'] as object, spec);
  kind.setDefaults?.(object);
  kind.prepareForCreate?.(object, context);
  return object;
}

test.each<[Kind, object, string[]]>([
  [
    deployment,
    { strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: '0%' } } },
    ['spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0'],
  ],
  [
    deployment,
    { progressDeadlineSeconds: 5, minReadySeconds: 5 },
    ['spec.progressDeadlineSeconds: Invalid value: 5: must be greater than minReadySeconds'],
  ],
  [
    daemonSet,
    { updateStrategy: { rollingUpdate: { maxUnavailable: 1, maxSurge: 1 } } },
    ['spec.updateStrategy.rollingUpdate.maxSurge: Invalid value: 1: may not be set when maxUnavailable is non-zero'],
  ],
  [daemonSet, { selector: {} }, ['spec.selector: Invalid value: {}: empty selector is invalid for daemonset']],
  [
    statefulSet,
    { podManagementPolicy: 'X' },
    ["spec.podManagementPolicy: Invalid value: \"X\": must be 'OrderedReady' or 'Parallel'"],
  ],
  [statefulSet, { serviceName: 'a.b' }, ['spec.serviceName: Invalid value: "a.b": must not contain dots']],
])('$kind %j', (kind, spec, problems) => {
  expect(told(kind.validate?.(created(kind, spec), context))).toEqual(problems);
});

test('volumes of claim templates may be mounted, and replace those of the same name', () => {
  const object = created(statefulSet, {
    volumeClaimTemplates: [
      {
        metadata: { name: 'data' },
        spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ],
    template: {
      metadata: { labels: { app: 'example' } },
      spec: {
        containers: [{ name: 'c', image: 'i', volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
        volumes: [{ name: 'data', emptyDir: {} }],
      },
    },
  });
  expect(statefulSet.validate?.(object, context)).toEqual([]);
});

test('the daemon set counts the changes of its template', () => {
  const object = created(daemonSet);
  const generation = (of: AnyObject) => of.metadata.annotations?.['deprecated.daemonset.template.generation'];
  expect(generation(object)).toBe('1');
  const same = cloneJson(object) as AnyObject;
  (same['spec'] as { minReadySeconds?: number }).minReadySeconds = 3;
  daemonSet.prepareForUpdate?.(same, object, context);
  expect(generation(same)).toBe('1');
  const other = cloneJson(object) as AnyObject;
  (other['spec'] as { template: { metadata: { labels?: object } } }).template.metadata.labels = {
    app: 'example',
    b: '',
  };
  delete other.metadata.annotations;
  daemonSet.prepareForUpdate?.(other, object, context);
  expect(generation(other)).toBe('2');
});

test('most of a stateful set stays as it was created', () => {
  const object = created(statefulSet);
  const allowed = cloneJson(object) as AnyObject;
  Object.assign(allowed['spec'] as object, { replicas: 3, minReadySeconds: 2, ordinals: { start: 1 } });
  expect(statefulSet.validateUpdate?.(allowed, object, context)).toEqual([]);
  const refused = cloneJson(object) as AnyObject;
  Object.assign(refused['spec'] as object, { podManagementPolicy: 'Parallel' });
  expect(told(statefulSet.validateUpdate?.(refused, object, context))).toEqual([
    expect.stringMatching(/^spec: Forbidden: updates to statefulset spec/),
  ]);
});

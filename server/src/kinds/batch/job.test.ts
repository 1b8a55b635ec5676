import { describe, expect, test } from '@jest/globals';
import { cloneJson } from '@naru/api/clone-json';
import type { AnyObject } from '@naru/api/object';
import { job } from './job.ts';

const context = { now: 0, subresource: '' };

function created(spec: object = {}): AnyObject {
  const object = {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'j', uid: 'u' },
    spec: {
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'i' }] } },
      ...spec,
    },
  } as unknown as AnyObject;
  job.setDefaults?.(object);
  job.prepareForCreate?.(object, context);
  return object;
}

const told = (errors: readonly { field: string; message: string }[] = []) =>
  errors.map(({ field, message }) => `${field}: ${message}`);

const changed = (object: AnyObject, change: (spec: Record<string, unknown>) => void): AnyObject => {
  const copy = cloneJson(object) as AnyObject;
  change(copy['spec'] as Record<string, unknown>);
  return copy;
};

test('a job gets the selector of its uid, and labels for its pods and itself', () => {
  const object = created();
  const labels = {
    'controller-uid': 'u',
    'job-name': 'j',
    'batch.kubernetes.io/controller-uid': 'u',
    'batch.kubernetes.io/job-name': 'j',
  };
  expect(object).toMatchObject({
    metadata: { labels },
    spec: {
      selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
      template: { metadata: { labels } },
    },
  });
  expect(job.validate?.(object, context)).toEqual([]);
});

test('the job that is a work queue has no completions', () => {
  expect(created({ parallelism: 2 })).not.toHaveProperty('spec.completions');
  expect(created()).toHaveProperty('spec.completions', 1);
  expect(created({ completionMode: 'Indexed', backoffLimitPerIndex: 1 })).toHaveProperty(
    'spec.backoffLimit',
    2147483647,
  );
});

test('names that are too long for the last index', () => {
  const object = created({ completionMode: 'Indexed', completions: 100 });
  object.metadata.name = 'a'.repeat(61);
  expect(told(job.validate?.(object, context))).toContain(
    `metadata.name: Invalid value: "${'a'.repeat(61)}": will not able to create pod with invalid DNS label: ${'a'.repeat(61)}-99`,
  );
});

describe('updates', () => {
  test('the template may change its scheduling while suspended, and nothing else', () => {
    const suspended = created({ suspend: true });
    const moved = changed(suspended, (spec) => {
      (spec['template'] as { spec: Record<string, unknown> }).spec['nodeSelector'] = { a: 'b' };
    });
    const other = changed(suspended, (spec) => {
      (spec['template'] as { spec: Record<string, unknown> }).spec['hostname'] = 'h';
    });
    expect(job.validateUpdate?.(moved, suspended, context)).toEqual([]);
    expect(told(job.validateUpdate?.(other, suspended, context))).toEqual([
      expect.stringMatching(/^spec\.template: Invalid value: .*field is immutable$/),
    ]);
    const running = created();
    const late = changed(moved, (spec) => (spec['suspend'] = false));
    expect(told(job.validateUpdate?.(late, running, context))).toHaveLength(1);
  });

  test('completions move with the parallelism of an indexed job', () => {
    const indexed = created({ completionMode: 'Indexed', completions: 3, parallelism: 3 });
    const grown = changed(indexed, (spec) => Object.assign(spec, { completions: 4, parallelism: 4 }));
    const alone = changed(indexed, (spec) => (spec['completions'] = 4));
    expect(job.validateUpdate?.(grown, indexed, context)).toEqual([]);
    expect(told(job.validateUpdate?.(alone, indexed, context))).toEqual([
      'spec.completions: Invalid value: 4: can only be modified in tandem with spec.parallelism',
    ]);
  });
});

test('a status cannot take back that the job is complete', () => {
  const old = created();
  old['status'] = {
    startTime: '2030-01-01T00:00:00Z',
    completionTime: '2030-01-01T01:00:00Z',
    succeeded: 1,
    conditions: ['SuccessCriteriaMet', 'Complete'].map((type) => ({ type, status: 'True' })),
  };
  const object = cloneJson(old) as AnyObject;
  object['status'] = { startTime: '2030-01-01T00:00:00Z' };
  expect(told(job.validateUpdate?.(object, old, { now: 0, subresource: 'status' }))).toEqual([
    'status.conditions: Invalid value: cannot disable the terminal Complete=True condition',
    'status.succeeded: Invalid value: 0: cannot decrease the succeeded counter',
    'status.conditions: Invalid value: cannot disable the SuccessCriteriaMet=True condition',
  ]);
});

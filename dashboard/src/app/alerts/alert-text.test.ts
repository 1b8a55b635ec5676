import { expect, test } from 'vitest';
import en from '../i18n/en.json';
import { whyOf } from './alert-text';

const why = (rule: string, params: Record<string, string>) => whyOf(rule, params, (time) => `at ${time}`);

test('what is short is named with its amounts, cores as numbers', () => {
  const params = { why: 'cpu', needCpu: '64', freeCpu: '1550m', needMemory: '1Gi', freeMemory: '2Gi' };
  const message = why('CannotPlace', params);
  expect(message?.key).toBe('alert.why.cpu');
  expect(message?.params).toMatchObject({ needCpu: '64', freeCpu: '1.55' });
});

test('a word this page does not know falls back to a sentence that is true', () => {
  expect(why('CannotPlace', { why: 'constructor' })?.key).toBe('cause.place.other');
  expect(why('ImagePullFailed', { why: 'new' })?.key).toBe('cause.image.unknown');
});

test('what is missing is named', () => {
  expect(why('ContainerConfigError', { missing: 'keys', missingKind: 'secret' })).toEqual({
    key: 'cause.config.noSecret',
    params: { name: 'keys' },
  });
  expect(why('ContainerConfigError', { missing: 'keys', missingKey: 'token' })?.key).toBe('cause.config.noKey');
});

test('a machine that is away says since when', () => {
  expect(why('MachineOffline', { apps: '3', since: 'noon' })?.params).toEqual({ apps: '3', since: 'at noon' });
});

test('every parameter of a sentence is one that the rules give', () => {
  const given: Record<string, readonly string[]> = {
    AppDown: ['app', 'wanted'],
    AppDegraded: ['app', 'ready', 'wanted'],
    AutoscaleAtMax: ['app', 'most', 'load'],
    CrashLooping: ['app', 'container', 'code', 'restarts'],
    ImagePullFailed: ['app', 'image'],
    InstanceNotReady: ['app', 'pod'],
    RolloutStuck: ['app', 'updated', 'wanted'],
    TaskFailed: ['task', 'tries'],
  };
  const words: Record<string, string> = en;
  for (const [rule, params] of Object.entries(given)) {
    const used = [...(words[`alert.${rule}`] ?? '').matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name);
    expect([rule, used.filter((name) => !params.includes(name ?? ''))]).toEqual([rule, []]);
  }
});

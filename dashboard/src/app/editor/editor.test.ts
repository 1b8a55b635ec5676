import { describe, expect, test } from 'vitest';
import { mergeObjects } from './merge-objects';
import { diffLines, editableText, parseYaml } from './object-yaml';

describe('two people change one object', () => {
  const base = { replicas: 1, env: [{ name: 'A', value: '1' }], image: 'web:1' };

  test('changes in different places are both kept', () => {
    const mine = { ...base, image: 'web:2' };
    const theirs = { ...base, replicas: 3, env: [...base.env, { name: 'B', value: '2' }] };
    expect(mergeObjects(base, mine, theirs)).toEqual({
      value: { replicas: 3, env: [...base.env, { name: 'B', value: '2' }], image: 'web:2' },
      overlaps: [],
    });
  });

  test('items of a list are told apart by name', () => {
    const mine = { ...base, env: [{ name: 'A', value: 'mine' }] };
    const theirs = {
      ...base,
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    };
    expect(mergeObjects(base, mine, theirs).value).toMatchObject({
      env: [
        { name: 'A', value: 'mine' },
        { name: 'B', value: '2' },
      ],
    });
  });

  test('the same place: mine stands, and is named', () => {
    const merged = mergeObjects(base, { ...base, image: 'web:2' }, { ...base, image: 'web:3' });
    expect(merged).toEqual({ value: { ...base, image: 'web:2' }, overlaps: ['image'] });
  });

  test('what one removed stays away', () => {
    const { image: _, ...mine } = base;
    expect(mergeObjects(base, mine, { ...base, replicas: 2 }).value).toEqual({ replicas: 2, env: base.env });
  });
});

describe('YAML', () => {
  test('a change of status alone is no change to what is edited', () => {
    const object = (resourceVersion: string, status: object) =>
      ({ metadata: { name: 'a', uid: 'u', resourceVersion }, spec: { b: 1, a: 2 }, status }) as never;
    expect(editableText(object('1', {}))).toBe(editableText(object('2', { ready: true })));
  });

  test('a mistake is told with its place', () => {
    expect(parseYaml('a: 1\nb: [')).toMatchObject({ problem: { line: 2 } });
    expect(parseYaml('- a')).toHaveProperty('problem');
  });

  test('a difference names lines once', () => {
    expect(diffLines('a\nb\nc', 'a\nx\nc').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      'same a',
      'removed b',
      'added x',
      'same c',
    ]);
  });
});

import { expect, test } from '@jest/globals';
import { registryOf, withDefaultTag } from './image-reference.ts';

const digest = `sha256:${'0'.repeat(64)}`;

test.each([
  ['busybox', 'busybox:latest'],
  ['busybox:1.36', 'busybox:1.36'],
  ['a/b_c/d__e/f--g', 'a/b_c/d__e/f--g:latest'],
  ['localhost:5000/x', 'localhost:5000/x:latest'],
  ['Registry.io:5000/x:V1', 'Registry.io:5000/x:V1'],
  [`img@${digest}`, `img@${digest}`],
  [`img:1@${digest}`, `img:1@${digest}`],
])('%s means %s', (image, reference) => expect(withDefaultTag(image)).toBe(reference));

test.each(['', 'Not A Name!', 'a//b', '-a', 'a___b', 'a:', 'a:.b', 'a@sha256:12', 'a'.repeat(300), 'x:y:z/a', 'a/-b'])(
  '%p is no reference',
  (image) => expect(() => withDefaultTag(image)).toThrow('invalid reference format'),
);

test('hostile names are judged at once', () => {
  const start = performance.now();
  for (const image of [`${'a'.repeat(30)}!`, 'a-'.repeat(100_000), '.'.repeat(1_000_000)])
    expect(() => withDefaultTag(image)).toThrow();
  expect(performance.now() - start).toBeLessThan(200);
});

test('the registry', () => {
  expect(['busybox', 'me/app', 'quay.io/a/b', 'localhost:5000/x'].map(registryOf)).toEqual([
    'docker.io',
    'docker.io',
    'quay.io',
    'localhost:5000',
  ]);
});

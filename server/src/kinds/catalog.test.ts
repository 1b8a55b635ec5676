import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { Catalog } from './catalog.ts';
import { kinds } from './index.ts';

test('every file that defines kinds is listed', () => {
  const root = fileURLToPath(new URL('.', import.meta.url));
  const defined = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && file !== 'define-kind.ts')
    .flatMap((file) => [...readFileSync(root + file, 'utf8').matchAll(/defineKind\(\{[^}]*?kind: '(\w+)'/gs)])
    .map(([, kind]) => kind!);
  expect(defined.length).toBeGreaterThan(30);
  const listed = new Set(kinds.map(({ kind }) => kind));
  expect(defined.filter((kind) => !listed.has(kind))).toEqual([]);
});

test('no resource and no kind stands twice in a group version', () => {
  const keys = kinds.flatMap(({ group, version, plural, kind }) => [
    `${group}/${version}/${plural}`,
    `${group}/${version}/${kind}`,
  ]);
  expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
});

test('the catalogue finds kinds by resource and by kind', () => {
  const catalog = new Catalog(kinds);
  for (const kind of kinds) {
    expect(catalog.byResource(kind)).toBe(kind);
    expect(catalog.byKind(kind)).toBe(kind);
  }
  expect(catalog.byResource({ group: '', version: 'v1', plural: 'constructor' })).toBeUndefined();
});

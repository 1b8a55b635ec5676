import { expect, test } from '@jest/globals';
import {
  checkDNS1035Label,
  checkDNS1123Label,
  checkDNS1123Subdomain,
  checkLabelValue,
  checkPathSegment,
  checkPercent,
  checkPortName,
  checkQualifiedName,
  labelName,
  subdomainName,
} from './names.ts';
import type { Check } from './names.ts';

const long = (length: number) => 'a'.repeat(length);

test.each<[string, Check, string[], string[]]>([
  [
    'subdomain',
    checkDNS1123Subdomain,
    ['a', 'a.b-c', '1.2', long(253)],
    ['', 'A', '-a', 'a.', 'a..b', 'a.-b', long(254)],
  ],
  ['label', checkDNS1123Label, ['a', '1-a', long(63)], ['', 'a.b', 'a-', long(64)]],
  ['DNS-1035 label', checkDNS1035Label, ['a1', 'a-b'], ['1a', '', 'a_']],
  ['label value', checkLabelValue, ['', 'A_b.c-d', long(63)], ['-a', 'a b', 'a/b', long(64)]],
  ['qualified name', checkQualifiedName, ['a', 'a.b/C_d'], ['', '/a', 'a/b/c', 'A/b', 'a/']],
  ['path segment', checkPathSegment, ['a:b', 'A_'], ['.', '..', 'a/b', 'a%b']],
  ['port name', checkPortName, ['http', 'a-1'], ['1', 'a--b', '-a', 'A', long(16)]],
  ['percent', checkPercent, ['0%', '100%'], ['5', '-1%', '1.5%']],
])('%s: good and bad values', (_name, check, good, bad) => {
  expect(good.filter((value) => check(value).length)).toEqual([]);
  expect(bad.filter((value) => !check(value).length)).toEqual([]);
});

test('a name that breaks two rules is told both', () => {
  expect(checkPortName('--')).toHaveLength(3);
  expect(checkQualifiedName('')[0]).toBe('name part must be non-empty');
});

test('prefixes for generated names may end in a dash', () => {
  expect(subdomainName('a-', { generateName: true })).toEqual([]);
  expect(subdomainName('a-', { generateName: false })).toHaveLength(1);
  expect(labelName('-', { generateName: true })).toHaveLength(1);
});

test('hostile names take no time', () => {
  const started = process.hrtime.bigint();
  for (const hostile of ['a-'.repeat(500_000), '-'.repeat(1_000_000), 'a.'.repeat(500_000), 'é'.repeat(500_000)])
    for (const check of [checkDNS1123Subdomain, checkDNS1123Label, checkQualifiedName, checkLabelValue]) check(hostile);
  expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1000);
});

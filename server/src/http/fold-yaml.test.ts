import { expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { toYaml } from './to-yaml.ts';

const words = (count: number) => Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

test('a long text breaks at the first space beyond column 80 and reads back as it was', () => {
  const value = { status: { message: `it's: ${words(40)}`, plain: words(30), list: [words(25), { deep: words(25) }] } };
  const text = toYaml(value);
  expect(parse(text)).toEqual(value);
  const long = text.split('\n').filter((line) => line.length > 80);
  expect(long.length).toBeGreaterThan(0);
  // The word that crosses the line's end is the last of its line.
  for (const line of long) expect(line.slice(0, line.lastIndexOf(' ')).length).toBeLessThanOrEqual(80);
});

test('blocks and keys are left alone', () => {
  const value = { data: { 'a.txt': `${words(30)}\n  indented ${words(30)}\nlast\n`, [words(20)]: 'x' } };
  expect(parse(toYaml(value))).toEqual(value);
  expect(toYaml(value)).toContain(`    ${words(30)}\n`);
});

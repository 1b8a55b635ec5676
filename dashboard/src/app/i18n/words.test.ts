import { expect, test } from 'vitest';
import en from './en.json';
import ko from './ko.json';

const english: Record<string, string> = en;
const korean: Record<string, string> = ko;
const hangul = /[\uac00-\ud7a3]/;
const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name).sort();

test('both languages have the same keys', () => {
  expect(Object.keys(korean).sort()).toEqual(Object.keys(english).sort());
});

test('both languages fill the same places', () => {
  for (const [key, text] of Object.entries(english))
    expect([key, places(korean[key] ?? '')]).toEqual([key, places(text)]);
});

test('there is no Hangul in the English words', () => {
  expect(Object.entries(english).filter(([, text]) => hangul.test(text))).toEqual([]);
});

/** Words that stay as they are. */
const same = /^(?:YAML|CPU|[^A-Za-z]*\{\{\w+\}\}[^A-Za-z]*|[\d\s.,:%–-]*)+$/;

test('nothing is left in English', () => {
  const left = Object.entries(korean).filter(([, text]) => !hangul.test(text) && !same.test(text));
  expect(left).toEqual([]);
});

test('no particle hangs on a variable, for it would depend on what fills it', () => {
  const particle = /\}\}(?:이|가|을|를|은|는|와|과|로|으로|이나|나)(?=[\s,.)]|$)/;
  expect(Object.entries(korean).filter(([, text]) => particle.test(text))).toEqual([]);
});

test('keys of one and of other come in pairs', () => {
  const bases = Object.keys(english).flatMap((key) => /^(.*)\.one$/.exec(key)?.[1] ?? []);
  expect(bases.filter((base) => english[`${base}.other`] === undefined)).toEqual([]);
});

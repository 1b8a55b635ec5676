import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  difference,
  hasPath,
  intersection,
  noFields,
  parseFieldSet,
  pathsOf,
  printPath,
  recursiveDifference,
  setOfPath,
  sortFieldSet,
  union,
  type FieldSet,
} from './field-set.ts';

const element = fc.constantFrom(
  'f:a',
  'f:b',
  'f:__proto__',
  'f:constructor',
  'k:{"name":"x"}',
  'k:{"port":80}',
  'v:"y"',
);
const path = fc.array(element, { minLength: 1, maxLength: 4 });
const fieldSet = fc
  .array(path, { maxLength: 8 })
  .map((paths) => paths.reduce<FieldSet>((set, each) => union(set, setOfPath(each)), noFields));

const members = (set: FieldSet) => new Set(pathsOf(set).map((each) => JSON.stringify(each)));
const canonical = (set: FieldSet) => JSON.stringify(sortFieldSet(set));

test('sets behave like sets of paths', () => {
  fc.assert(
    fc.property(fieldSet, fieldSet, (a, b) => {
      const before = JSON.stringify([a, b]);
      const [left, right] = [members(a), members(b)];
      expect(members(union(a, b))).toEqual(new Set([...left, ...right]));
      expect(members(intersection(a, b))).toEqual(new Set([...left].filter((each) => right.has(each))));
      expect(members(difference(a, b))).toEqual(new Set([...left].filter((each) => !right.has(each))));
      expect(canonical(union(a, b))).toBe(canonical(union(b, a)));
      expect(JSON.stringify([a, b])).toBe(before);
    }),
  );
});

test('a recursive difference takes what lies below, too', () => {
  fc.assert(
    fc.property(fieldSet, path, (set, taken) => {
      const left = pathsOf(recursiveDifference(set, setOfPath(taken)));
      expect(left.some((each) => taken.every((step, i) => each[i] === step))).toBe(false);
      expect(left.length).toBe(pathsOf(set).filter((each) => !taken.every((step, i) => each[i] === step)).length);
    }),
  );
});

test('a set survives being written and read', () => {
  fc.assert(
    fc.property(fieldSet, (set) => {
      const sorted = sortFieldSet(set);
      expect(sortFieldSet(sorted)).toBe(sorted);
      expect(JSON.stringify(parseFieldSet(JSON.parse(JSON.stringify(sorted))))).toBe(JSON.stringify(sorted));
      for (const each of pathsOf(set)) expect(hasPath(set, each)).toBe(true);
    }),
  );
});

test('nothing new is made where nothing changes', () => {
  const set = { 'f:a': { '.': noFields, 'f:b': noFields } };
  expect(difference(set, { 'f:c': noFields })).toBe(set);
  expect(union(set, { 'f:a': { 'f:b': noFields } })).toBe(set);
});

test('what clients write is brought into one spelling', () => {
  expect(
    parseFieldSet({ 'f:l': { 'k:{"b": 1, "a":"x"}': { '.': {} }, 'v: "y"': {}, 'x:unknown': {}, 'i:007': {} } }),
  ).toEqual({
    'f:l': { 'k:{"a":"x","b":1}': {}, 'v:"y"': {}, 'i:7': {} },
  });
  expect(parseFieldSet({ 'f:data': { 'x:unknown': {} } })).toEqual({ 'f:data': {} });
  for (const bad of [{ a: {} }, { 'f:a': 1 }, { 'k:[]': {} }, { 'i:x': {} }, [], null])
    expect(() => parseFieldSet(bad)).toThrow();
});

test('steps are ordered and printed as upstream does', () => {
  const set = {
    'v:"b"': noFields,
    'k:{"port":443}': noFields,
    'k:{"port":80}': noFields,
    'f:z': noFields,
    '.': noFields,
    'f:a': { 'v:1': noFields },
  };
  expect(Object.keys(sortFieldSet(set))).toEqual(['.', 'f:a', 'f:z', 'k:{"port":80}', 'k:{"port":443}', 'v:"b"']);
  expect(pathsOf(set).map((each) => printPath(each))).toEqual(['.z', '[port=80]', '[port=443]', '[="b"]', '.a[=1]']);
  expect(printPath(['f:spec', 'k:{"name":"a","protocol":"TCP"}', 'f:x'])).toBe('.spec[name="a",protocol="TCP"].x');
});

import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { JsonObject } from '../json-object.ts';
import { applyMergePatch, decodeMergePatch } from './merge-patch.ts';

test.each([
  [{ a: 1 }, { a: null }, {}],
  [{ a: 1 }, { none: null }, { a: 1 }],
  [{ a: { b: 1, c: 2 } }, { a: { b: null, d: 3 } }, { a: { c: 2, d: 3 } }],
  [{ a: [1] }, { a: [2, 3] }, { a: [2, 3] }],
  [{ a: [1] }, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  [{}, { a: { b: { c: null, d: 1 } } }, { a: { b: { d: 1 } } }],
  [{}, { a: [{ b: null, c: 1 }, null] }, { a: [{ c: 1 }, null] }],
  [{ a: { b: 1 } }, { a: 'x' }, { a: 'x' }],
])('%j merged with %j', (document, patch, expected) => {
  expect(applyMergePatch(document as JsonObject, patch as JsonObject)).toEqual(expected);
});

test('a body that is no object is 400', () => {
  expect(() => decodeMergePatch(null)).toThrow('Invalid JSON Patch');
  expect(() => decodeMergePatch([])).toThrow(
    'error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}',
  );
});

const object = fc.dictionary(fc.constantFrom('a', 'b', '__proto__', 'constructor'), fc.jsonValue({ maxDepth: 3 }), {
  noNullPrototype: true,
});

test('merging twice is merging once, and nothing given is changed', () => {
  fc.assert(
    fc.property(object, object, (document, patch) => {
      const before = JSON.stringify([document, patch]);
      const once = applyMergePatch(document, patch);
      expect(JSON.stringify(applyMergePatch(once, patch))).toBe(JSON.stringify(once));
      expect(JSON.stringify([document, patch])).toBe(before);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});

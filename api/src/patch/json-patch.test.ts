import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { cloneJson } from '../clone-json.ts';
import { isStatusError } from '../status.ts';
import { applyJsonPatch, decodeJsonPatch } from './json-patch.ts';

const apply = (document: unknown, body: unknown) => applyJsonPatch(document, decodeJsonPatch(body, 'Warn'));

const codeOf = (act: () => unknown): number => {
  try {
    act();
  } catch (error) {
    if (isStatusError(error)) return error.code;
    throw error;
  }
  return 200;
};

test.each([
  [{ a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
  [{ a: 1 }, [{ op: 'add', path: '/a' }], { a: null }],
  [{ a: [1, 2] }, [{ op: 'add', path: '/a/-', value: 3 }], { a: [1, 2, 3] }],
  [{ a: [1, 2] }, [{ op: 'add', path: '/a/1', value: 3 }], { a: [1, 3, 2] }],
  [{ a: [1, 2] }, [{ op: 'add', path: '/a/-1', value: 3 }], { a: [1, 2, 3] }],
  [{ a: [1, 2] }, [{ op: 'remove', path: '/a/-1' }], { a: [1] }],
  [{ a: { 'x/y~': 1 } }, [{ op: 'replace', path: '/a/x~1y~0', value: 2 }], { a: { 'x/y~': 2 } }],
  [{ a: {} }, [{ op: 'replace', path: '/a/none', value: 2 }], { a: { none: 2 } }],
  [{ a: {} }, [{ op: 'copy', from: '/a/none', path: '/b' }], { a: {}, b: null }],
  [{ a: 1 }, [{ op: 'move', from: '/a', path: '/b' }], { b: 1 }],
  [
    { a: { b: 1 } },
    [
      { op: 'copy', from: '/a', path: '/c' },
      { op: 'add', path: '/c/b', value: 2 },
    ],
    { a: { b: 1 }, c: { b: 2 } },
  ],
  [{ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
  [{ a: 1 }, [{ op: 'test', path: '/a', value: 1 }], { a: 1 }],
  [{ a: 1 }, [{ op: 'test', path: '/none' }], { a: 1 }],
  [{ a: 1 }, null, { a: 1 }],
])('%j patched with %j', (document, body, expected) => {
  const before = cloneJson(document);
  expect(apply(document, body)).toEqual(expected);
  expect(document).toEqual(before);
});

test.each([
  ['missing op', [{ path: '/a', value: 1 }]],
  ['missing path', [{ op: 'add', value: 1 }]],
  ['missing parent', [{ op: 'add', path: '/x/y', value: 1 }]],
  ['parent is a scalar', [{ op: 'add', path: '/a/y', value: 1 }]],
  ['removing what is not there', [{ op: 'remove', path: '/x' }]],
  ['index beyond the end', [{ op: 'add', path: '/l/3', value: 1 }]],
  ['no index', [{ op: 'replace', path: '/l/x', value: 1 }]],
  ['failing test', [{ op: 'test', path: '/a', value: 2 }]],
  ['unknown operation', [{ op: 'merge', path: '/a', value: 2 }]],
  ['null as an operation', [null]],
])('%s is refused with 422', (_, body) => {
  expect(codeOf(() => apply({ a: 1, l: [1] }, body))).toBe(422);
});

test('too many operations, or too many copied bytes, are 413', () => {
  const many = Array.from({ length: 10_001 }, () => ({ op: 'test', path: '/a', value: 1 }));
  expect(codeOf(() => apply({ a: 1 }, many))).toBe(413);
  const doubling = Array.from({ length: 30 }, (_, i) => ({ op: 'copy', from: '/a', path: `/a/c${i}` }));
  expect(codeOf(() => apply({ a: { x: 'y'.repeat(1000) } }, doubling))).toBe(413);
});

test('what is nested too deeply to be serialized is refused', () => {
  const deeper = Array.from({ length: 10_000 }, (_, i) => ({ op: 'add', path: '/a'.repeat(i + 1), value: {} }));
  expect(codeOf(() => apply({}, deeper.slice(0, 3_000)))).toBe(422);
});

test('not a patch is 400', () => {
  expect(codeOf(() => apply({}, {}))).toBe(400);
  expect(codeOf(() => apply({}, [1]))).toBe(400);
  expect(codeOf(() => apply({}, [{ op: 1 }]))).toBe(400);
});

test('unknown members are told', () => {
  expect(decodeJsonPatch([{ op: 'add', path: '/a', value: 1, bogus: 2 }], 'Warn').strictErrors).toEqual([
    'json patch unknown field "[0].bogus"',
  ]);
});

test('__proto__ and constructor are ordinary keys', () => {
  const result = apply({}, [
    { op: 'add', path: '/__proto__', value: { polluted: 1 } },
    { op: 'add', path: '/constructor', value: { prototype: 2 } },
    { op: 'add', path: '/__proto__/more', value: 3 },
  ]);
  expect(JSON.stringify(result)).toBe('{"__proto__":{"polluted":1,"more":3},"constructor":{"prototype":2}}');
  expect(Object.prototype).not.toHaveProperty('polluted');
});

test('whatever the patch, the document stays as it is and the answer is a document or a StatusError', () => {
  const key = fc.constantFrom('a', 'b', '0', '1', '-', '__proto__', 'constructor');
  const pointer = fc.array(key, { maxLength: 4 }).map((keys) => keys.map((each) => `/${each}`).join(''));
  const operation = fc.record({
    op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'),
    path: pointer,
    from: pointer,
    value: fc.jsonValue({ maxDepth: 2 }),
  });
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), fc.array(operation, { maxLength: 8 }), (document, operations) => {
      const before = JSON.stringify(document);
      expect([200, 413, 422]).toContain(codeOf(() => apply(document, operations)));
      expect(JSON.stringify(document)).toBe(before);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
  );
});

import { expect, test } from '@jest/globals';
import { parseNames } from './apply.ts';
import type { Element, Fragment } from './ruleset.ts';
import { Ruleset } from './ruleset.ts';

const fragment = (chains: Record<string, string[]>, elements: Element[] = []): Fragment => ({
  chains: new Map(Object.entries(chains).map(([name, rules]) => [name, { rules }])),
  sets: new Map(),
  elements,
});
const lines = (script: string) => script.trimEnd().split('\n');
const element = (key: string, data: string) => ({ in: 'm', key, data });

test('only what changed is said', () => {
  const ruleset = new Ruleset('t');
  ruleset.put('a', fragment({ one: ['x'], two: ['y'] }, [element('k', 'goto one'), element('l', 'goto two')]));
  ruleset.takeChanges();
  ruleset.put('a', fragment({ one: ['x'], two: ['z'] }, [element('k', 'goto one'), element('l', 'drop')]));
  expect(lines(ruleset.takeChanges())).toEqual([
    'add chain ip t two',
    'delete element ip t m { l }',
    'flush chain ip t two',
    'add rule ip t two z',
    'add element ip t m { l : drop }',
  ]);
  ruleset.put('a', fragment({ one: ['x'], two: ['z'] }, [element('k', 'goto one'), element('l', 'drop')]));
  expect(ruleset.takeChanges()).toBe('');
});

test('what nobody has any more goes: elements first, then the chains they led to', () => {
  const ruleset = new Ruleset('t');
  ruleset.put('a', fragment({ one: ['x'] }, [element('k', 'goto one')]));
  ruleset.takeChanges();
  ruleset.put('a', undefined);
  expect(lines(ruleset.takeChanges())).toEqual([
    'delete element ip t m { k }',
    'flush chain ip t one',
    'delete chain ip t one',
  ]);
});

test('of two that want the same element the first has it, until it goes', () => {
  const ruleset = new Ruleset('t');
  ruleset.put('a', fragment({}, [element('k', '1')]));
  ruleset.put('b', fragment({}, [element('k', '2')]));
  expect(lines(ruleset.takeChanges())).toEqual(['add element ip t m { k : 1 }']);
  ruleset.put('a', undefined);
  expect(lines(ruleset.takeChanges())).toEqual(['delete element ip t m { k }', 'add element ip t m { k : 2 }']);
  ruleset.put('b', undefined);
  expect(lines(ruleset.takeChanges())).toEqual(['delete element ip t m { k }']);
});

test('a change back and forth within one transaction is none', () => {
  const ruleset = new Ruleset('t');
  ruleset.put('a', fragment({}, [element('k', '1')]));
  ruleset.takeChanges();
  ruleset.put('a', undefined);
  ruleset.put('a', fragment({}, [element('k', '1')]));
  expect(ruleset.takeChanges()).toBe('');
});

test('the whole table leaves what others filled, and what is unknown when it is asked to', () => {
  const ruleset = new Ruleset('t');
  const sets = new Map([
    ['m', { kind: 'map', body: 'type mark : verdict;' }],
    ['seen', { kind: 'set', body: 'type mark;', dynamic: true }],
  ] as const);
  ruleset.put('a', { ...fragment({ one: ['x'] }, [element('k', 'goto one')]), sets });
  const existing = {
    chains: ['one', 'old'],
    sets: new Map([
      ['m', 'map'],
      ['seen', 'set'],
      ['rest', 'set'],
    ] as const),
  };
  const script = lines(ruleset.takeWhole(existing, { keepRest: false }));
  expect(script).toContain('flush map ip t m');
  expect(script).not.toContain('flush set ip t seen');
  expect(script.slice(-2)).toEqual(['delete chain ip t old', 'delete set ip t rest']);
  const kept = ruleset.takeWhole(existing, { keepRest: true });
  expect(kept).not.toContain('delete');
  expect(kept).not.toContain('old');
});

test('names in what nft prints', () => {
  const listing =
    'table ip t {\n\tset a-1/x {\n\t\ttype mark\n\t}\n\n\tmap m {\n\t}\n\n\tchain s-1/default/web {\n\t\tip daddr { 1.1.1.1 } accept\n\t}\n}\n';
  expect(parseNames(listing)).toEqual({
    chains: ['s-1/default/web'],
    sets: new Map([
      ['a-1/x', 'set'],
      ['m', 'map'],
    ]),
  });
});

import { describe, expect, test } from 'vitest';
import { parseAnsi, withoutAnsi } from './ansi';
import { LineSplitter } from './line-splitter';
import { LogBuffer } from './log-buffer';
import { levelOf, splitStamp } from './log-line';
import { highlight, matchingLines, patternOf } from './log-search';

describe('lines from bytes', () => {
  test('Korean text that comes one byte at a time is whole', () => {
    const splitter = new LineSplitter();
    const bytes = new TextEncoder().encode('데이터베이스 연결 실패\r\nnext');
    const lines = [...bytes].flatMap((byte) => splitter.push(Uint8Array.of(byte)));
    expect([...lines, ...splitter.end()]).toEqual(['데이터베이스 연결 실패', 'next']);
  });

  test('stamps are taken off', () => {
    expect(splitStamp('2026-01-02T03:04:05.678901234Z hello')).toEqual({
      time: '2026-01-02T03:04:05.678901234Z',
      text: 'hello',
    });
    expect(splitStamp('no stamp')).toEqual({ time: '', text: 'no stamp' });
  });
});

describe('colours', () => {
  test('become spans, never markup', () => {
    expect(parseAnsi('\u001b[1;31mERROR\u001b[0m <img src=x>')).toEqual([
      { text: 'ERROR', style: 'ansi-31 ansi-bold' },
      { text: ' <img src=x>', style: '' },
    ]);
  });

  test('other sequences and control characters go', () => {
    expect(withoutAnsi('\u001b[2K\u001b]0;title\u0007a\u0008b')).toBe('ab');
  });
});

describe('levels', () => {
  test.each([
    ['2026/01/02 [error] it broke', 'error'],
    ['{"level":"warn","msg":"x"}', 'warn'],
    ['DEBUG cache miss', 'debug'],
    ['INFO  주문 처리', 'info'],
    ['terror and warning-free', 'warn'],
    ['nothing special', 'other'],
  ])('%s', (text, level) => expect(levelOf(text)).toBe(level));
});

describe('merging', () => {
  const raw = (source: string, second: number, text: string) => ({
    source,
    raw: `2026-01-02T03:04:0${second}Z ${text}`,
  });

  test('lines of a slow stream take the place their time gives them', () => {
    const buffer = new LogBuffer(10);
    buffer.add([raw('a', 1, 'one'), raw('a', 3, 'three')]);
    const lines = buffer.add([raw('b', 2, 'two'), raw('b', 4, 'four')]);
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('only the last lines are kept', () => {
    const buffer = new LogBuffer(2);
    expect(buffer.add([1, 2, 3].map((second) => raw('a', second, String(second)))).map(({ text }) => text)).toEqual([
      '2',
      '3',
    ]);
  });
});

describe('search', () => {
  const lines = ['Error: a', 'fine', '\u001b[31mer\u001b[0mror b'].map((text, number) => ({
    number,
    source: '',
    time: '',
    text,
    level: 'other' as const,
  }));

  test('sees through colours and ignores case', () => {
    const pattern = patternOf('error', false);
    expect(pattern).toBeInstanceOf(RegExp);
    expect(matchingLines(lines, pattern as RegExp)).toEqual([0, 2]);
  });

  test('plain text is no expression, and a broken expression says so', () => {
    expect(matchingLines(lines, patternOf('e.r', false) as RegExp)).toEqual([]);
    expect(patternOf('(', true)).toHaveProperty('error');
    expect(patternOf('', true)).toBeUndefined();
  });

  test('what is found is marked in place', () => {
    expect(highlight('an error, Error', patternOf('error', false) as RegExp)).toEqual([
      { text: 'an ', found: false },
      { text: 'error', found: true },
      { text: ', ', found: false },
      { text: 'Error', found: true },
    ]);
  });
});

import { describe, expect, test } from 'vitest';
import { initialsOf, latinKeys, matchesText } from './korean-match';

describe('finding text as Korean users type it', () => {
  test.each([
    ['네트워크', 'ㄴㅌㅇㅋ'],
    ['네트워크', '트워'],
    ['네트워크', 'sp'],
    ['logs', 'ㅣㅐㅎㄴ'],
    ['logs', 'LOG'],
    ['임시', 'dlatl'],
    ['로그 보기', 'ㅂㄱ'],
    ['anything', '  '],
  ])('%s is found by %s', (text, typed) => expect(matchesText(text, typed)).toBe(true));

  test.each([
    ['네트워크', 'ㅋㅋ'],
    ['logs', 'ㅣㅐㅎㅅ'],
    ['apps', 'xyz'],
  ])('%s is not found by %s', (text, typed) => expect(matchesText(text, typed)).toBe(false));

  test('compound letters are written as the keys that make them', () => {
    expect(latinKeys('과')).toBe('rhk');
    expect(latinKeys('값')).toBe('rkqt');
    expect(latinKeys('빨')).toBe('qkf');
  });

  test('initials leave other letters as they are', () => expect(initialsOf('앱 web')).toBe('ㅇ web'));
});

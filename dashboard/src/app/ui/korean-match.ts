/** Finds text as Korean users type it: by initial consonants, and with the keyboard in the wrong language. */
const initials = 'ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ';
const medials = 'ㅏㅐㅑㅒㅓㅔㅕㅖㅗㅘㅙㅚㅛㅜㅝㅞㅟㅠㅡㅢㅣ';
const finals = ['', ...'ㄱㄲㄳㄴㄵㄶㄷㄹㄺㄻㄼㄽㄾㄿㅀㅁㅂㅄㅅㅆㅇㅈㅊㅋㅌㅍㅎ'];
const compound: Readonly<Record<string, string>> = {
  ㅘ: 'ㅗㅏ',
  ㅙ: 'ㅗㅐ',
  ㅚ: 'ㅗㅣ',
  ㅝ: 'ㅜㅓ',
  ㅞ: 'ㅜㅔ',
  ㅟ: 'ㅜㅣ',
  ㅢ: 'ㅡㅣ',
  ㄳ: 'ㄱㅅ',
  ㄵ: 'ㄴㅈ',
  ㄶ: 'ㄴㅎ',
  ㄺ: 'ㄹㄱ',
  ㄻ: 'ㄹㅁ',
  ㄼ: 'ㄹㅂ',
  ㄽ: 'ㄹㅅ',
  ㄾ: 'ㄹㅌ',
  ㄿ: 'ㄹㅍ',
  ㅀ: 'ㄹㅎ',
  ㅄ: 'ㅂㅅ',
};
/** The two-set layout: which key writes which letter. */
const keys = new Map(
  [...'ㅁㅠㅊㅇㄷㄹㅎㅗㅑㅓㅏㅣㅡㅜㅐㅔㅂㄱㄴㅅㅕㅍㅈㅌㅛㅋ'].map((letter, index) => [
    letter,
    'abcdefghijklmnopqrstuvwxyz'[index] ?? '',
  ]),
);
for (const [letter, key] of [...'ㅃqㅉwㄸeㄲrㅆtㅒoㅖp'.matchAll(/(.)(.)/g)].map(
  ([, l = '', k = '']) => [l, k] as const,
))
  keys.set(letter, key);

/** Whether the text has what was typed in it. */
export function matchesText(text: string, typed: string): boolean {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return true;
  const lower = text.toLowerCase();
  if (lower.includes(wanted)) return true;
  if ([...wanted].every((letter) => initials.includes(letter)) && initialsOf(lower).includes(wanted)) return true;
  const asLatin = latinKeys(wanted);
  return latinKeys(lower).includes(asLatin);
}

/** "네트워크" → "ㄴㅌㅇㅋ". */
export function initialsOf(text: string): string {
  return [...text]
    .map((letter) => (syllableIndex(letter) < 0 ? letter : (initials[Math.floor(syllableIndex(letter) / 588)] ?? '')))
    .join('');
}

/** The keys pressed to write a text: "ㅣㅐㅎㄴ" → "logs", "임시" → "dlatl". */
export function latinKeys(text: string): string {
  return [...text]
    .flatMap((letter) => [...lettersOf(letter)])
    .flatMap((letter) => [...(Object.hasOwn(compound, letter) ? (compound[letter] ?? '') : letter)])
    .map((letter) => keys.get(letter) ?? letter)
    .join('');
}

function lettersOf(letter: string): string {
  const index = syllableIndex(letter);
  if (index < 0) return letter;
  return `${initials[Math.floor(index / 588)] ?? ''}${medials[Math.floor((index % 588) / 28)] ?? ''}${finals[index % 28] ?? ''}`;
}

/** Place among the composed syllables of Unicode; negative for anything else. */
function syllableIndex(letter: string): number {
  const index = (letter.codePointAt(0) ?? 0) - 0xac00;
  return index >= 0 && index < 11172 ? index : -1;
}

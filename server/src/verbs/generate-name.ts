/** Names the server makes up. */
// Like apiserver pkg/storage/names/generate.go.
const alphabet = 'bcdfghjklmnpqrstvwxz2456789';
const suffixLength = 5;
const longestBase = 63 - suffixLength;

export function randomSuffix(below: (limit: number) => number): string {
  return Array.from({ length: suffixLength }, () => alphabet[below(alphabet.length)]).join('');
}

export const generateName = (base: string, below: (limit: number) => number): string =>
  base.slice(0, longestBase) + randomSuffix(below);

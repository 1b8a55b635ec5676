/** A short name for a pod template. */
// Like controller.ComputeHash: FNV-32a, spelled in letters that make no words.
import type { PodTemplate } from '../runtime/pod.ts';

const alphabet = 'bcdfghjklmnpqrstvwxz2456789';

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, field]) => `${JSON.stringify(key)}:${canonical(field)}`).join(',')}}`;
}

/** FNV-1a of the text's UTF-8 bytes, 32 bits. */
export function fnv32a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}

/** Each byte of the text as a letter without vowels. */
export const safeEncode = (text: string): string =>
  [...Buffer.from(text)].map((byte) => alphabet.charAt(byte % alphabet.length)).join('');

/** Differs with the content of `value` and with the number of collisions met so far. */
export const hashOf = (value: unknown, collisionCount?: number): string =>
  safeEncode(String(fnv32a(canonical(value) + (collisionCount === undefined ? '' : `#${collisionCount}`))));

export const templateHash = (template: PodTemplate, collisionCount?: number): string =>
  hashOf(template, collisionCount);

/** Bytes as JSON carries them: base64. */

/** How many bytes a base64 text stands for. */
export function decodedLength(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return Math.trunc((base64.length * 3) / 4) - padding;
}

export const encodeText = (text: string): string => Buffer.from(text).toString('base64');
export const decodeText = (base64: string): string => Buffer.from(base64, 'base64').toString();

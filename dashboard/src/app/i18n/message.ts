/** A sentence as its key and what fills it: what pure code returns, and a page turns into words. */
import type words from './en.json';

export type MessageKey = keyof typeof words;
export type MessageParams = Readonly<Record<string, string | number>>;

export interface Message {
  readonly key: MessageKey;
  readonly params?: MessageParams;
}

/** A message; `params` fill the `{{name}}` places of its sentence. */
export function message(key: MessageKey, params?: MessageParams): Message {
  return params === undefined ? { key } : { key, params };
}

/** Why a sign-in was refused, as a sentence. */
import { type Message, type MessageKey, message } from '../i18n/message';
import { Refused } from './session';

const known: Readonly<Record<string, MessageKey>> = {
  WrongPassword: 'refused.WrongPassword',
  WrongCode: 'refused.WrongCode',
  Locked: 'refused.Locked',
  Weak: 'refused.Weak',
  BadName: 'refused.BadName',
  AlreadySetUp: 'refused.AlreadySetUp',
  NoAnswer: 'refused.NoAnswer',
};

export function refusal(error: unknown): Message {
  if (!(error instanceof Refused)) return message('refused.Unknown');
  const key = Object.hasOwn(known, error.code) ? known[error.code] : undefined;
  return message(key ?? 'refused.Unknown', error.params);
}

/** What an exit code says about why a program ended. */
import { type Message, message } from '../i18n/message';

export function exitCodeMeaning(code: number, signal?: number): Message {
  const params = { code };
  if (code === 0) return message('cause.exit.done', params);
  if (code === 126) return message('cause.exit.notExecutable', params);
  if (code === 127) return message('cause.exit.notFound', params);
  if (code === 137 || signal === 9) return message('cause.exit.killed', params);
  if (code === 139 || signal === 11) return message('cause.exit.segfault', params);
  if (code === 143 || signal === 15) return message('cause.exit.stopped', params);
  if (code > 128 && code < 160) return message('cause.exit.signal', { code, signal: code - 128 });
  return message('cause.exit.error', params);
}

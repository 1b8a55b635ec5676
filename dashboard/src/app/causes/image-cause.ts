/** Why an image cannot be had. */
import { type Message, type MessageKey, message } from '../i18n/message';
import type { Cause } from './cause';

const reasons: ReadonlySet<string> = new Set([
  'ErrImagePull',
  'ImagePullBackOff',
  'InvalidImageName',
  'ErrImageNeverPull',
  'ImageInspectError',
  'RegistryUnavailable',
]);

export function isImageReason(reason: string | undefined): boolean {
  return reason !== undefined && reasons.has(reason);
}

/** What helps, where it is not the name of the image. */
const nextSteps: Partial<Record<MessageKey, MessageKey>> = {
  'cause.image.noNetwork': 'cause.image.nextNetwork',
  'cause.image.rateLimit': 'cause.image.nextWait',
  'cause.image.diskFull': 'cause.image.nextDisk',
  'cause.image.private': 'cause.image.nextLogin',
};

export function imageCause(reason: string, image: string, container: string, detail = ''): Cause {
  const problem = imageProblem(reason, detail);
  return {
    term: reason,
    severity: 'critical',
    what: message('cause.image.what', { image }),
    why: problem,
    next: message(nextSteps[problem.key] ?? 'cause.image.next'),
    remedy: { kind: 'image', container },
    detail,
  };
}

function imageProblem(reason: string, detail: string): Message {
  const text = detail.toLowerCase();
  const says = (...parts: string[]) => parts.some((part) => text.includes(part));
  if (reason === 'InvalidImageName') return message('cause.image.badName');
  if (reason === 'ErrImageNeverPull') return message('cause.image.neverPull');
  if (says('toomanyrequests', 'rate limit')) return message('cause.image.rateLimit');
  if (says('no space left')) return message('cause.image.diskFull');
  if (says('no such host', 'timeout', 'connection refused', 'network is unreachable', 'tls handshake', 'dial tcp'))
    return message('cause.image.noNetwork');
  if (says('manifest unknown', 'not found') && !says('pull access denied')) return message('cause.image.notFound');
  if (says('pull access denied', 'may require')) return message('cause.image.notFoundOrPrivate');
  if (says('unauthorized', 'authentication required', 'denied', 'forbidden')) return message('cause.image.private');
  return message('cause.image.unknown');
}

/** A failure as three sentences: what happened, why, and what can be done. */
import type { Failure } from '../cluster/failure';
import { type Message, message } from '../i18n/message';

export interface Explanation {
  readonly what: Message;
  readonly why: Message;
  readonly next: Message;
}

export function explainFailure({ status }: Failure): Explanation {
  const why = message('failure.why.message', { message: status.message });
  if (status.code === 0)
    return {
      what: message('failure.what.noAnswer'),
      why: message('failure.why.noAnswer'),
      next: message('failure.next.noAnswer'),
    };
  if (status.reason === 'AlreadyExists')
    return {
      what: message('failure.what.exists', { name: status.details?.name ?? '' }),
      why,
      next: message('failure.next.exists'),
    };
  if (status.code === 403)
    return { what: message('failure.what.forbidden'), why, next: message('failure.next.forbidden') };
  if (status.code === 404)
    return { what: message('failure.what.notFound'), why, next: message('failure.next.notFound') };
  if (status.code === 409)
    return { what: message('failure.what.conflict'), why, next: message('failure.next.conflict') };
  if (status.code === 422 || status.code === 400)
    return { what: message('failure.what.invalid'), why, next: message('failure.next.invalid') };
  if (status.code === 429) return { what: message('failure.what.busy'), why, next: message('failure.next.retry') };
  if (status.code >= 500) return { what: message('failure.what.broken'), why, next: message('failure.next.retry') };
  return { what: message('failure.what.refused'), why, next: message('failure.next.invalid') };
}

/** Rules whose condition is found elsewhere and reported: by the notifier, by the page. */
import type { AnyRule } from '../rule.ts';

export const notifyFailed: AnyRule = {
  number: 42,
  name: 'NotifyFailed',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 0,
  condition: 'a message could not be delivered in 5 tries; shown in the page only',
  message: { en: 'Could not send to {channel}: {error}', ko: '{channel} 전송 실패: {error}' },
};

/** Not evaluated here: what would tell of it has stopped. */
export const watchdog: AnyRule = {
  number: 43,
  name: 'Watchdog',
  severity: 'critical',
  forSeconds: 60,
  keepSeconds: 0,
  condition: 'the page has not been told for 60 s that the rules are up to date; checked by the page',
  message: { en: 'Alert checks have stopped', ko: '경고 검사 중단됨' },
};

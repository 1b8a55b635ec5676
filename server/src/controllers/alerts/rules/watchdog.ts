/** The rule about the rules. */
import type { AnyRule } from '../rule.ts';

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

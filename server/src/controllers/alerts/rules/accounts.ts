/** Rules about accounts of the dashboard. */
import type { Rule } from '../rule.ts';
import type { AccountView } from '../views/account.ts';

const many = 10;

export const loginAttack: Rule<AccountView> = {
  number: 41,
  name: 'LoginAttack',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 900,
  condition: 'ten wrong passwords for an account of the dashboard within five minutes',
  message: {
    en: '{count} failed logins for {user} from {address}',
    ko: '{user} 로그인 {count}회 실패 ({address})',
  },
  find: ({ account, count, address }) =>
    count < many ? [] : [{ params: { user: account, count: String(count), address } }],
};

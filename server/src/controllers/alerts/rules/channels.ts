/** Rules about notification channels. */
import { channelName, type NotificationChannel } from '../notify/channel.ts';
import type { Rule } from '../rule.ts';
import { timeOf } from '../views/pod.ts';

export const notifyFailed: Rule<NotificationChannel> = {
  number: 42,
  name: 'NotifyFailed',
  severity: 'warning',
  forSeconds: 0,
  keepSeconds: 0,
  condition:
    'a message to a channel was given up after 5 tries; shown in the page only, until a message or a test gets through',
  message: { en: 'Could not send to {channel}: {error}', ko: '{channel} 전송 실패: {error}' },
  find(channel) {
    const { error, failedAt } = channel.status ?? {};
    if (!error || channel.spec.paused) return [];
    const since = timeOf(failedAt);
    const name = channelName(channel);
    return [
      {
        params: { channel: name, error },
        fixes: [{ code: 'send-test', params: { channel: name } }],
        ...(since !== undefined && { since }),
      },
    ];
  },
};

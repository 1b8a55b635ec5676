/** What the rules about addresses, storage, notification channels, quotas and accounts say of which views. */
import { address, channel, claim, iso, late, quota, type Row } from '../views.ts';

export const addressRows: readonly Row[] = [
  ['StoragePending', 'it waits', claim('Pending'), 'warning'],
  ['StoragePending', 'it is to wait', claim('Pending', { storageClass: late }), undefined],
  ['StoragePending', 'bound', claim('Bound'), undefined],
  ['StoragePending', 'its volume failed', claim('Bound', { volumePhase: 'Failed' }), 'warning'],
  ['AddressHasNoTarget', 'none is ready', address({}), 'warning'],
  ['AddressHasNoTarget', 'one is reached', address({ targets: 1 }), undefined],
  ['AddressHasNoTarget', 'its app is stopped', address({ wanted: 0 }), undefined],
  ['AddressHasNoTarget', 'it selects nothing', address({ apps: [], wanted: 0 }), 'warning'],
  ['AddressHasNoTarget', 'its app was removed', address({ apps: [], wanted: 0, isDeserted: true }), 'info'],
  ['AddressHasNoTarget', 'somebody else keeps its endpoints', address({}, {}), undefined],
  ['NotifyFailed', 'the last message was given up', channel({ error: 'no', failedAt: iso(0) }), 'warning'],
  ['NotifyFailed', 'it works', channel({ deliveredAt: iso(0) }), undefined],
  ['NotifyFailed', 'paused', channel({ error: 'no' }, true), undefined],
  ['LoginAttack', 'ten wrong passwords', { account: 'admin', count: 10, address: '10.0.0.9' }, 'warning'],
  ['LoginAttack', 'nine', { account: 'admin', count: 9, address: '10.0.0.9' }, undefined],
  ['ProjectNearLimit/info', '90 % are used', quota('922Mi'), 'info'],
  ['ProjectNearLimit/info', '89 % are used', quota('916Mi'), undefined],
  ['ProjectNearLimit/info', 'instances are refused', quota('1Gi', ['web']), undefined],
  ['ProjectNearLimit/warning', 'instances are refused', quota('800Mi', ['web']), 'warning'],
  ['ProjectNearLimit/warning', 'none are', quota('1Gi'), undefined],
];

/** What the rules about addresses, storage and notification channels say of which views. */
import { address, channel, claim, iso, late, type Row } from '../views.ts';

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
];

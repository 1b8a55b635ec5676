/** How upstream answers a subresource that has nothing of its own to show. */
import type { AnyObject } from '@naru/api/object';

export const created = (): AnyObject => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Success',
  code: 201,
});

/** Fixes that several rules suggest. */
import type { Finding, Fix } from '../rule.ts';
import type { AppView } from '../views/app.ts';

/** None when the witness is no container. */
export const readLogs = (witness: Finding['witness']): Fix[] =>
  witness?.container
    ? [
        {
          code: 'show-logs',
          params: {
            pod: witness.pod,
            container: witness.container,
            ...(witness.previous && { previous: 'true' }),
          },
        },
      ]
    : [];

/** None when there is nothing to go back to. */
export const rollBack = ({ previousRevision }: Pick<AppView, 'previousRevision'>): Fix[] =>
  previousRevision === undefined ? [] : [{ code: 'roll-back', params: { revision: previousRevision } }];

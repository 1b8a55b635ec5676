/** Of an update that is stuck it is told what serves meanwhile. */
import { expect, test } from '@jest/globals';
import { app, now, pod } from '../testing/views.ts';
import type { AppView } from '../views/app.ts';
import { rolloutStuck } from './app-serving.ts';

const conditions = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
const stuck = (ready: boolean, more: Partial<AppView> = {}): AppView => ({
  ...app({ pods: [pod({ ready })], workload: { status: { conditions } } }),
  ...more,
});

test.each([
  ['the old version', 'old-serves', stuck(true)],
  ['nothing', 'none-serves', stuck(false)],
  ['nothing: it is the first version', 'first', stuck(false, { previousRevision: undefined })],
])('%s serves', (_what, why, view) => {
  const found = rolloutStuck.find(view, now);
  expect(found !== 'unknown' && found.map(({ params }) => params['why'])).toEqual([why]);
});

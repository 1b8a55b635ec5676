/** Every kind this server serves, and those whose files are written but which wait for their behaviour. */
import { apps } from './apps/index.ts';
import { authentication } from './authentication/index.ts';
import { authorization } from './authorization/index.ts';
import { autoscaling } from './autoscaling/index.ts';
import { batch } from './batch/index.ts';
import { coordination } from './coordination/index.ts';
import { core, coreNotYetServed } from './core/index.ts';
import type { Kind } from './define-kind.ts';
import { discovery } from './discovery/index.ts';
import { events } from './events/index.ts';
import { metrics } from './metrics/index.ts';
import { naru } from './naru/index.ts';
import { networking, networkingNotYetServed } from './networking/index.ts';
import { nodeGroup } from './node/index.ts';
import { policy } from './policy/index.ts';
import { rbac } from './rbac/index.ts';
import { scheduling } from './scheduling/index.ts';
import { storage, storageNotYetServed } from './storage/index.ts';

export const kinds: readonly Kind[] = [
  ...core,
  ...apps,
  ...authentication,
  ...authorization,
  ...autoscaling,
  ...batch,
  ...coordination,
  ...discovery,
  ...events,
  ...metrics,
  ...naru,
  ...networking,
  ...nodeGroup,
  ...policy,
  ...rbac,
  ...scheduling,
  ...storage,
];

/** Complete as API objects, but nothing acts on them yet: move one to its group's list to serve it. */
export const notYetServed: readonly Kind[] = [...coreNotYetServed, ...networkingNotYetServed, ...storageNotYetServed];

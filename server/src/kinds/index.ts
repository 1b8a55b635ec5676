/** Every kind this server serves. */
import { apps } from './apps/index.ts';
import { authentication } from './authentication/index.ts';
import { authorization } from './authorization/index.ts';
import { autoscaling } from './autoscaling/index.ts';
import { batch } from './batch/index.ts';
import { certificates } from './certificates/index.ts';
import { coordination } from './coordination/index.ts';
import { core } from './core/index.ts';
import type { Kind } from './define-kind.ts';
import { discovery } from './discovery/index.ts';
import { events } from './events/index.ts';
import { metrics } from './metrics/index.ts';
import { naru } from './naru/index.ts';
import { networking } from './networking/index.ts';
import { nodeGroup } from './node/index.ts';
import { policy } from './policy/index.ts';
import { rbac } from './rbac/index.ts';
import { scheduling } from './scheduling/index.ts';
import { storage } from './storage/index.ts';

export const kinds: readonly Kind[] = [
  ...core,
  ...apps,
  ...authentication,
  ...authorization,
  ...autoscaling,
  ...batch,
  ...certificates,
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

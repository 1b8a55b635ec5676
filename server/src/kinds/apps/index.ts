/** The kinds of apps, in the order discovery lists them. */
import type { Kind } from '../define-kind.ts';
import { controllerRevision } from './controller-revision.ts';
import { daemonSet } from './daemon-set.ts';
import { deployment } from './deployment.ts';
import { replicaSet } from './replica-set.ts';
import { statefulSet } from './stateful-set.ts';

export const apps: readonly Kind[] = [controllerRevision, daemonSet, deployment, replicaSet, statefulSet];

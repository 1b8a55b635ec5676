/** The kinds of the core group, in the order discovery lists them. */
import type { Kind } from '../define-kind.ts';
import { binding } from './binding.ts';
import { configMap } from './config-map.ts';
import { endpoints } from './endpoints.ts';
import { event } from './event.ts';
import { namespace } from './namespace.ts';
import { node } from './node.ts';
import { podTemplate } from './pod-template.ts';
import { pod } from './pod.ts';
import { replicationController } from './replication-controller.ts';
import { secret } from './secret.ts';
import { serviceAccount } from './service-account.ts';
import { service } from './service.ts';

export const core: readonly Kind[] = [
  binding,
  configMap,
  event,
  namespace,
  node,
  podTemplate,
  pod,
  secret,
  serviceAccount,
  service,
];

export const coreNotYetServed: readonly Kind[] = [endpoints, replicationController];

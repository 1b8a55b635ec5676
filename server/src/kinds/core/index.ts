/** The kinds of the core group, in the order discovery lists them. */
import type { Kind } from '../define-kind.ts';
import { configMap } from './config-map.ts';
import { event } from './event.ts';
import { namespace } from './namespace.ts';
import { node } from './node.ts';
import { pod } from './pod.ts';
import { secret } from './secret.ts';
import { service } from './service.ts';
import { serviceAccount } from './service-account.ts';

export const core: readonly Kind[] = [configMap, event, namespace, node, pod, secret, serviceAccount, service];

/** Where an object stands in the store; upstream's layout. */
import type { GroupResource } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import { registryRoot } from '../watch/watch-cache.ts';

/** Of the whole resource, or of one namespace of it. */
export const prefixOf = (kind: Kind, namespace: string): string =>
  namespace ? `${registryRoot}${kind.storagePrefix}/${namespace}/` : `${registryRoot}${kind.storagePrefix}/`;

export const keyOf = (kind: Kind, namespace: string, name: string): string => prefixOf(kind, namespace) + name;

/** The resource as error texts name it. */
export const resourceOf = ({ group, plural }: Kind): GroupResource => ({ group, resource: plural });

export const apiVersionOf = ({ group, version }: Kind): string => (group ? `${group}/${version}` : version);

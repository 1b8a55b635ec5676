/** Changes when a running container no longer is what the pod asks for. */
import { createHash } from 'node:crypto';
import type { ContainerDefinition } from './container-definition.ts';

// Like kubecontainer.HashContainer: of a container, only the image may ever be changed in place.
export function specHash({ name, image }: ContainerDefinition): string {
  return createHash('sha256')
    .update(JSON.stringify([name, image]))
    .digest('hex')
    .slice(0, 8);
}

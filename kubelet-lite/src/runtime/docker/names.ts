/** Every name that the agent gives to something of the engine's, with its format above it. */
import { randomBytes } from 'node:crypto';
import type { PodIdentity } from '../container-runtime.ts';

// k8s_<container>_<pod>_<namespace>_<uid>_<attempt>, as Docker under Kubernetes was always named; tools look for it.
export function containerName(pod: PodIdentity, container: string, attempt: number): string {
  return ['k8s', container, pod.name, pod.namespace, pod.uid, attempt].join('_');
}

// k8s_POD_<pod>_<namespace>_<uid>_<attempt>
export function sandboxName(pod: PodIdentity, attempt: number): string {
  return containerName(pod, 'POD', attempt);
}

// <name>_<8 hex digits>: when the engine holds the plain name for something that it cannot let go of.
export function nameAside(name: string): string {
  return `${name}_${randomBytes(4).toString('hex')}`;
}

/** The image of sandboxes, made on this machine; the tag changes with its contents. */
export const sandboxImage = 'naru.local/sandbox:1';

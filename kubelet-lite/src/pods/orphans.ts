/** Finds what is on the node of pods that the API no longer knows, and hands each to a worker that clears it away. */
import type { PodIdentity } from '../runtime/container-runtime.ts';
import type { PodContext } from './pod-context.ts';
import type { PodWorkers } from './pod-workers.ts';
import type { Pod } from './pod.ts';

/** `known`: UIDs of the node's pods in the API, once they have been read. Only what carries our labels is ever looked at. */
export async function clearOrphans(
  { runtime, files }: Pick<PodContext, 'runtime' | 'files'>,
  workers: Pick<PodWorkers, 'has' | 'remove'>,
  known: ReadonlySet<string>,
): Promise<void> {
  const isOrphan = (uid: string) => !known.has(uid) && !workers.has(uid);
  const { sandboxes, containers } = await runtime.list();
  const running = new Map([...sandboxes, ...containers].map(({ pod }) => [pod.uid, pod]));
  for (const pod of running.values()) if (isOrphan(pod.uid)) workers.remove(remnantOf(pod, containers));
  for (const uid of await files.pods()) if (isOrphan(uid) && !running.has(uid)) await files.remove(uid);
}

/** All that is left to know of a pod: enough to end its containers. */
function remnantOf(
  { uid, name, namespace }: PodIdentity,
  containers: readonly { pod: PodIdentity; name: string; kind: string; image: string }[],
): Pod {
  const own = containers.filter(({ pod }) => pod.uid === uid);
  const definitions = [
    ...new Map(own.map(({ name: container, image }) => [container, { name: container, image }])).values(),
  ];
  return { metadata: { uid, name, namespace }, spec: { containers: definitions } };
}

/** Ends everything that runs of a pod: containers together, sidecars after them in reverse order, then the sandbox. */
import type { Container } from '../runtime/container-runtime.ts';
import type { GracePeriod } from './grace-period.ts';
import type { PodContext } from './pod-context.ts';
import { uidOf } from './pod.ts';
import type { Member, PodView } from './pod-view.ts';
import { stopContainer } from './stop-container.ts';

interface Running {
  member: Member;
  container: Container;
}

/** Resolves when nothing of the pod runs any more; its containers stay for their logs. Doing it twice is no error. */
export async function endPod(view: PodView, grace: GracePeriod, context: PodContext): Promise<void> {
  const uid = uidOf(view.pod);
  const podIp = context.network.addressOf(uid) ?? context.node.ip;
  const running = runningOf(view);
  // A failure here is the network's to repair; it must not keep the pod from ending.
  await context.network.leave(uid).catch(() => {});
  const ended = new Map<string, Promise<void>>();
  const endings: Promise<void>[] = [];
  // The last first: each sidecar waits for those after it, and for the containers.
  for (const { member, container } of running.toReversed()) {
    const { definition } = member;
    const turn = member.role === 'sidecar' ? afterOthers([...ended.values()], grace) : undefined;
    const message = `Stopping container ${definition.name}`;
    const stop = { pod: view.pod, definition, container, podIp, message, grace, ...(turn && { turn }) };
    const ending = stopContainer(stop, context);
    ended.set(
      container.id,
      ending.catch(() => {}),
    );
    endings.push(ending);
  }
  // All are tried before the first failure is told.
  const failure = (await Promise.allSettled(endings)).find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
  await context.network.detach(uid);
  for (const { id } of view.observed.sandboxes) await context.runtime.removeSandbox(id);
}

/** In the order of the definition: init containers and sidecars, containers, ephemeral ones. */
function runningOf(view: PodView): Running[] {
  return view.members.flatMap((member) =>
    view
      .instances(member.definition.name)
      .filter(({ state }) => state === 'running' || state === 'unknown')
      .map((container) => ({ member, container })),
  );
}

async function afterOthers(others: readonly Promise<void>[], grace: GracePeriod): Promise<void> {
  const done = new AbortController();
  await Promise.race([Promise.all(others), grace.wait(grace.left, done.signal)]);
  done.abort();
}

/** Removes the pod's containers, ended or never started. */
export async function removeContainers(view: PodView, { runtime }: PodContext): Promise<void> {
  await Promise.all(view.observed.containers.map(({ id }) => runtime.removeContainer(id)));
}

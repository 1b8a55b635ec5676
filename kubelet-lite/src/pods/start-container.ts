/** Starts one container: image, create request, start, postStart hook. */
// Like kuberuntime's startContainer; the events are its.
import type { RegistryCredentials } from '../runtime/container-runtime.ts';
import type { PreparedVolumes } from '../volumes/pod-volumes.ts';
import { GracePeriod, graceSeconds } from './grace-period.ts';
import { runHook } from './lifecycle-hooks.ts';
import { makeContainerSpec } from './make-container-spec.ts';
import type { PodContext } from './pod-context.ts';
import type { Pod } from './pod.ts';
import type { Member, PodView } from './pod-view.ts';
import { StartFailure, type StartFailureReason } from './start-failure.ts';
import { stopContainer } from './stop-container.ts';

export interface ContainerStart {
  pod: Pod;
  view: PodView;
  member: Member;
  attempt: number;
  sandboxId: string;
  podIp: string;
  seenAt: string;
  volumes: PreparedVolumes;
  credentials: readonly RegistryCredentials[];
  signal: AbortSignal;
}

/** Resolves when the container runs and its hook has passed. Throws StartFailure. */
export async function startContainer(start: ContainerStart, context: PodContext): Promise<void> {
  const { pod, member, credentials, signal } = start;
  const { events, runtime, images } = context;
  const { definition } = member;
  const fails = (reason: StartFailureReason, prefix = '') => {
    return (error: Error): never => {
      events.container(pod, definition, 'Warning', 'Failed', `Error: ${prefix}${error.message}`);
      throw new StartFailure(reason, prefix + error.message, { cause: error });
    };
  };
  const image = await images.ensure(pod, definition, credentials, signal).catch((error: StartFailure) => {
    events.container(pod, definition, 'Warning', 'Failed', `Error: ${error.reason}`);
    throw error;
  });
  const running = (name: string) => start.view.instances(name).find(({ state }) => state === 'running');
  const spec = await makeContainerSpec({ ...start, ...image, running }, context).catch(
    fails('CreateContainerConfigError'),
  );
  const id = await runtime.createContainer(spec).catch(fails('CreateContainerError'));
  events.container(pod, definition, 'Normal', 'Created', 'Container created');
  await runtime
    .startContainer(id)
    .catch(fails('RunContainerError', `failed to start container "${definition.name}": `));
  events.container(pod, definition, 'Normal', 'Started', 'Container started');
  await postStart(start, id, context);
}

async function postStart(start: ContainerStart, id: string, context: PodContext): Promise<void> {
  const { pod, member, podIp, signal } = start;
  const { definition } = member;
  const hook = definition.lifecycle?.postStart;
  if (!hook) return;
  try {
    await runHook(hook, { definition, container: { id }, podIp }, context, { signal });
  } catch (error) {
    if (signal.aborted) return; // the pod is being ended, and the container with it
    const message = 'PostStartHook failed';
    context.events.container(pod, definition, 'Warning', 'FailedPostStartHook', message);
    const { containers } = await context.runtime.pod(pod.metadata.uid ?? '');
    const container = containers.find((each) => each.id === id);
    const grace = new GracePeriod(context.clock, graceSeconds(pod));
    if (container)
      await stopContainer({ pod, definition, container, podIp, message: 'FailedPostStartHook', grace }, context);
    throw new StartFailure('PostStartHookError', message, { cause: error });
  }
}

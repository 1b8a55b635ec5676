/** Finds the containers of this node's pods for the kubelet API. */
// Like kubelet_pods.validateContainerLogStatus, whose messages users see.
import type { ContainerStatus } from '../pods/pod-status.ts';
import { uidOf, type Pod } from '../pods/pod.ts';
import { findContainer } from '../environment/make-environment.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import { KubeletHttpError, type FoundContainer, type PodDirectory } from './pod-directory.ts';

export interface NodePods {
  find(namespace: string, name: string): Pod | undefined;
}

export function nodePodDirectory(pods: NodePods, runtime: Pick<ContainerRuntime, 'pod'>): PodDirectory {
  const podOf = (namespace: string, name: string): Pod => {
    const pod = pods.find(namespace, name);
    if (!pod) throw new KubeletHttpError(404, `pod "${name}" not found`);
    return pod;
  };
  return {
    async runningContainer(namespace, name, container) {
      const pod = podOf(namespace, name);
      const { containers } = await runtime.pod(uidOf(pod));
      const found = containers.find((each) => each.name === container && each.state === 'running');
      if (!found) throw new KubeletHttpError(500, `container not found ("${container}")`);
      return foundIn(pod, container, found.id);
    },

    async loggedContainer(namespace, name, container, previous) {
      const pod = podOf(namespace, name);
      const { containers } = await runtime.pod(uidOf(pod));
      const instances = containers.filter((each) => each.name === container && each.state !== 'created');
      const status = statusOf(pod, container);
      const [newest, before] = instances;
      // The engine knows sooner than the API what runs; why nothing does stands in the status.
      const found = previous ? (status?.state.waiting && newest?.state === 'exited' ? newest : before) : newest;
      if (found) return foundIn(pod, container, found.id);
      throw new KubeletHttpError(400, reasonOf(status, { container, pod: name, previous }));
    },

    async runningSandbox(namespace, name) {
      const { sandboxes } = await runtime.pod(uidOf(podOf(namespace, name)));
      const sandbox = sandboxes.find(({ running }) => running);
      if (!sandbox) throw new KubeletHttpError(500, `unable to do port forwarding: pod ${name} is not running`);
      return sandbox.id;
    },
  };
}

function foundIn(pod: Pod, container: string, id: string): FoundContainer {
  try {
    const { tty = false, stdinOnce = false } = findContainer(pod, container);
    return { id, tty, stdinOnce };
  } catch {
    throw new KubeletHttpError(404, `container ${container} is not valid for pod ${pod.metadata.name}`);
  }
}

function statusOf({ status = {} }: Pod, container: string): ContainerStatus | undefined {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status;
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
    ({ name }) => name === container,
  );
}

function reasonOf(
  status: ContainerStatus | undefined,
  { container, pod, previous }: { container: string; pod: string; previous: boolean },
): string {
  const about = `container "${container}" in pod "${pod}"`;
  if (!status) return `${about} is not available`;
  if (previous) return `previous terminated ${about} not found`;
  const { waiting, terminated } = status.state;
  if (terminated) return `${about} is terminated`;
  switch (waiting?.reason) {
    case undefined:
      return `${about} is waiting to start - no logs yet`;
    case 'ErrImagePull':
      return `${about} is waiting to start: image can't be pulled`;
    case 'ImagePullBackOff':
      return `${about} is waiting to start: trying and failing to pull image`;
    default:
      return `${about} is waiting to start: ${waiting?.reason}`;
  }
}

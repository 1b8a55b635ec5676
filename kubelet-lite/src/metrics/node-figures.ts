/** The figures of a real node: what its control groups and /proc say of the pods that run. */
import { readFile, statfs } from 'node:fs/promises';
import type { Clock } from '@naru/api/clock';
import { uidOf, type Pod } from '../pods/pod.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import { Sampler, type RunningPod } from './sampler.ts';

export interface NodeFiguresOptions {
  clock: Clock;
  /** Lies on the file system whose room counts. */
  directory: string;
  runtime: Pick<ContainerRuntime, 'pod'>;
  pods: () => readonly Pod[];
}

export function nodeFigures({ clock, directory, runtime, pods }: NodeFiguresOptions): Sampler {
  return new Sampler({
    clock,
    read: (path) => readFile(path, 'utf8'),
    running: () => runningPods(pods(), runtime),
    async filesystem() {
      const { blocks, bavail, bsize, files, ffree } = await statfs(directory);
      return { capacityBytes: blocks * bsize, availableBytes: bavail * bsize, inodes: files, freeInodes: ffree };
    },
  });
}

async function runningPods(pods: readonly Pod[], runtime: NodeFiguresOptions['runtime']): Promise<RunningPod[]> {
  const running: RunningPod[] = [];
  for (const pod of pods) {
    const { sandboxes, containers } = await runtime.pod(uidOf(pod));
    const sandbox = sandboxes.find((each) => each.running);
    if (!sandbox) continue;
    running.push({
      pod: sandbox.pod,
      startedAt: sandbox.createdAt,
      sandboxPid: pod.spec.hostNetwork ? 0 : sandbox.pid,
      containers: containers
        .filter(({ state }) => state === 'running')
        .map(({ pod: identity, id, name, pid, startedAt }) => ({ pod: identity, id, name, pid, startedAt })),
    });
  }
  return running;
}

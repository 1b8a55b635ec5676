/** The last words of containers that have ended. */
// Like kuberuntime's getTerminationMessage.
import type { Container } from '../runtime/container-runtime.ts';
import type { PodContext } from './pod-context.ts';
import type { PodMemory } from './pod-memory.ts';
import type { PodStatus } from './pod-status.ts';
import { uidOf } from './pod.ts';
import type { PodView } from './pod-view.ts';

/** Bytes for one container, and for all of a pod together. */
const longest = 4096;
const longestOfPod = 12 * 1024;
const logLines = 80;
const logBytes = 2048;

/** Adds to the pod's memory the messages of containers that have ended since. */
export async function readTerminationMessages(
  view: PodView,
  memory: PodMemory,
  previous: PodStatus,
  context: PodContext,
): Promise<void> {
  const limit = Math.min(longest, Math.floor(longestOfPod / Math.max(1, view.members.length)));
  for (const { definition } of view.members) {
    for (const container of view.instances(definition.name)) {
      if (container.state !== 'exited' || !container.startedAt || memory.messages.has(container.id)) continue;
      const known = reportedMessage(previous, container.id);
      const written =
        known ?? (await context.files.terminationMessage(uidOf(view.pod), container.name, container.attempt, limit));
      const fallsBack = definition.terminationMessagePolicy === 'FallbackToLogsOnError' && container.exitCode !== 0;
      memory.messages.set(container.id, written || (fallsBack ? await logTail(container, limit, context) : ''));
    }
  }
}

/** What was reported of the very container, by an agent before this one. */
function reportedMessage(status: PodStatus, id: string): string | undefined {
  const statuses = [
    ...(status.containerStatuses ?? []),
    ...(status.initContainerStatuses ?? []),
    ...(status.ephemeralContainerStatuses ?? []),
  ];
  for (const { state, lastState } of statuses)
    for (const { terminated } of [state, lastState])
      if (terminated?.containerID?.endsWith(`://${id}`)) return terminated.message ?? '';
  return undefined;
}

async function logTail({ id }: Container, limit: number, { runtime }: PodContext): Promise<string> {
  const lines: Buffer[] = [];
  try {
    for await (const { line } of runtime.logs(id, { follow: false, timestamps: false, tailLines: logLines }))
      lines.push(line);
  } catch (error) {
    return `Error reading termination message from logs: ${(error as Error).message}`;
  }
  const text = Buffer.concat(lines);
  const length = Math.min(logBytes, limit);
  return text.subarray(Math.max(0, text.length - length)).toString('utf8');
}

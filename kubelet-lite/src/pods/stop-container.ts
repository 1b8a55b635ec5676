/** Ends one container: its preStop hook, the stop signal, and KILL when the pod's time is over. */
// Like kuberuntime's killContainer.
import type { Container } from '../runtime/container-runtime.ts';
import type { ContainerDefinition } from './container-definition.ts';
import type { GracePeriod } from './grace-period.ts';
import { runHook } from './lifecycle-hooks.ts';
import type { PodContext } from './pod-context.ts';
import type { Pod } from './pod.ts';

/** Whatever the hook and the others took, the container gets this long between the signal and KILL. */
const leastSeconds = 2;

export interface Stop {
  pod: Pod;
  definition: ContainerDefinition;
  container: Container;
  podIp: string;
  message: string;
  grace: GracePeriod;
  /** Resolves when it is this container's turn. */
  turn?: Promise<void>;
}

/** Resolves when the container has ended. */
export async function stopContainer(stop: Stop, context: PodContext): Promise<void> {
  const { pod, definition, container, message, grace, turn } = stop;
  const { events, runtime } = context;
  events.container(pod, definition, 'Normal', 'Killing', message);
  await preStop(stop, context);
  await turn;
  const seconds = () => Math.max(leastSeconds, Math.ceil(grace.left));
  const stopSooner = grace.onShorter(() => void runtime.stopContainer(container.id, seconds()).catch(() => {}));
  try {
    await runtime.stopContainer(container.id, seconds());
  } finally {
    stopSooner();
  }
}

async function preStop(stop: Stop, context: PodContext): Promise<void> {
  const { pod, definition, container, podIp, grace } = stop;
  const hook = definition.lifecycle?.preStop;
  if (!hook || grace.left <= 0) return;
  try {
    await runHook(hook, { definition, container, podIp }, context, { grace });
  } catch {
    context.events.container(pod, definition, 'Warning', 'FailedPreStopHook', 'PreStopHook failed');
  }
}

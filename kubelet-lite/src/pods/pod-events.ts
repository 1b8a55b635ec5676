/** Events about pods and their containers, as the kubelet words them. */
import type { EventRecorder } from '@naru/api/events/event-recorder';
import { podResource, type Pod } from './pod.ts';
import type { ContainerDefinition } from './container-definition.ts';

type EventType = 'Normal' | 'Warning';

export interface PodEvents {
  pod(pod: Pod, type: EventType, reason: string, message: string): void;
  container(pod: Pod, container: ContainerDefinition, type: EventType, reason: string, message: string): void;
}

export function podEvents(recorder: EventRecorder): PodEvents {
  return {
    pod: (pod, type, reason, message) => recorder.event(pod, podResource, type, reason, message),
    container: (pod, container, type, reason, message) =>
      recorder.event(pod, podResource, type, reason, message, fieldPath(pod, container.name)),
  };
}

/** `spec.containers{web}` */
function fieldPath({ spec }: Pod, name: string): string {
  const has = (list: ContainerDefinition[] | undefined) => list?.some((container) => container.name === name);
  if (has(spec.initContainers)) return `spec.initContainers{${name}}`;
  if (has(spec.ephemeralContainers)) return `spec.ephemeralContainers{${name}}`;
  return `spec.containers{${name}}`;
}

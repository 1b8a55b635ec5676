/** What rules read of a pod. */
import type { KubeObject } from '@naru/api/object';
import { conditionOf, type Condition } from '../../runtime/condition.ts';

export interface ContainerState {
  waiting?: { reason?: string; message?: string };
  running?: { startedAt?: string };
  terminated?: { exitCode: number; reason?: string; finishedAt?: string };
}

export interface ContainerStatus {
  name: string;
  ready?: boolean;
  started?: boolean;
  restartCount?: number;
  image?: string;
  state?: ContainerState;
  lastState?: ContainerState;
}

export interface Resources {
  requests?: Record<string, string>;
  limits?: Record<string, string>;
}

export interface ContainerSpec {
  name: string;
  image?: string;
  resources?: Resources;
  restartPolicy?: string;
  readinessProbe?: {
    httpGet?: { port: string | number; path?: string };
    tcpSocket?: { port: string | number };
    grpc?: { port: number };
    exec?: { command?: string[] };
  };
}

export interface Pod extends KubeObject {
  spec: {
    nodeName?: string;
    restartPolicy?: string;
    containers: ContainerSpec[];
    initContainers?: ContainerSpec[];
    volumes?: { persistentVolumeClaim?: { claimName: string } }[];
  };
  status?: {
    phase?: string;
    conditions?: Condition[];
    containerStatuses?: ContainerStatus[];
    initContainerStatuses?: ContainerStatus[];
    startTime?: string;
  };
}

/** Set by somebody who stopped single containers of the pod: `web,log`. */
const stoppedContainers = 'naru.dev/stopped-containers';

export const podName = ({ metadata }: Pod): string => metadata.name ?? '';

export const isGoing = ({ metadata }: Pod): boolean => metadata.deletionTimestamp !== undefined;

export const isFinished = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed';

/** Not ready because somebody wanted it so. */
export function isPartlyStopped({ metadata }: Pod): boolean {
  const annotations = metadata.annotations ?? {};
  const text = Object.hasOwn(annotations, stoppedContainers) ? annotations[stoppedContainers] : undefined;
  return text !== undefined && text !== '' && text !== '[]';
}

export const isReady = ({ status }: Pod): boolean => conditionOf(status?.conditions, 'Ready')?.status === 'True';

/** Those that are to run all the time, and those that run before them. */
export const statusesOf = ({ status }: Pod): ContainerStatus[] => [
  ...(status?.initContainerStatuses ?? []),
  ...(status?.containerStatuses ?? []),
];

export const containerSpecOf = ({ spec }: Pod, name: string): ContainerSpec | undefined =>
  [...spec.containers, ...(spec.initContainers ?? [])].find((container) => container.name === name);

/** Milliseconds since 1970; undefined for no time. */
export function timeOf(text: string | null | undefined): number | undefined {
  const time = text ? Date.parse(text) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

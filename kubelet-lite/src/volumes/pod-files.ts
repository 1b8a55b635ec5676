/** A pod's files on its node: volumes, the files every container gets, and the messages that containers leave. */
import type { NodeFacts } from '../environment/field-path.ts';
import type { Lookup } from '../environment/expand.ts';
import type { Allocatable } from '../environment/resource-field.ts';
import type { ContainerDefinition } from '../pods/container-definition.ts';
import type { Pod } from '../pods/pod.ts';
import type { Mount } from '../runtime/container-runtime.ts';
import type { PreparedVolumes } from './pod-volumes.ts';

export interface ContainerFiles {
  pod: Pod;
  container: ContainerDefinition;
  attempt: number;
  volumes: PreparedVolumes;
  lookup: Lookup;
  podIp: string;
}

export interface PodFiles {
  /** Sets up the volumes that are missing and brings their files up to date. Throws VolumeError. */
  prepare(pod: Pod, facts: NodeFacts & Allocatable): Promise<PreparedVolumes>;
  /** What is mounted into a container. Throws an Error with a message for the container's status. */
  mounts(files: ContainerFiles): Promise<Mount[]>;
  /** Text of a file in a prepared volume; undefined: there is none. */
  readVolumeFile(volumes: PreparedVolumes, volume: string, path: string): Promise<string | undefined>;
  /** What the container wrote as its last words, at most `limit` bytes of the end. */
  terminationMessage(uid: string, container: string, attempt: number, limit: number): Promise<string>;
  /** Text of a seccomp profile of the node's. */
  seccompProfile(name: string): Promise<string>;
  /** Takes away everything of the pod. Doing it twice is no error. */
  remove(uid: string): Promise<void>;
  /** UIDs that have anything on the node. */
  pods(): Promise<string[]>;
}

/** For a runtime that runs nothing: there is nothing to mount. */
export const noFiles: PodFiles = {
  prepare: () => Promise.resolve({ byName: new Map() }),
  mounts: () => Promise.resolve([]),
  readVolumeFile: () => Promise.resolve(undefined),
  terminationMessage: () => Promise.resolve(''),
  seccompProfile: () => Promise.resolve('{}'),
  remove: () => Promise.resolve(),
  pods: () => Promise.resolve([]),
};

/** How often containers ended lately. A status tells only of the last time, so the earlier ones are remembered. */
import { statusesOf, timeOf, type ContainerStatus, type Pod } from './pod.ts';

export interface Exit {
  readonly at: number;
  readonly exitCode: number;
  readonly reason: string;
}

export const lately = 10 * 60_000;

const outOfMemory = 'OOMKilled';
export const isOutOfMemory = ({ reason }: Exit): boolean => reason === outOfMemory;

/** Exits by pod and container. */
export class Exits {
  readonly #exits = new Map<string, Map<string, Exit[]>>();

  /** Takes in what the pod's status says. */
  observe(pod: Pod, now: number): void {
    const uid = pod.metadata.uid ?? '';
    for (const status of statusesOf(pod)) {
      const seen = [status.lastState, status.state].flatMap((state) => exitOf(state) ?? []);
      if (seen.length === 0) continue;
      const ofPod = this.#exits.get(uid) ?? new Map<string, Exit[]>();
      const known = ofPod.get(status.name) ?? [];
      const added = seen.filter(({ at }) => !known.some((exit) => exit.at === at));
      ofPod.set(
        status.name,
        [...known, ...added].filter(({ at }) => now - at < lately),
      );
      this.#exits.set(uid, ofPod);
    }
  }

  /** Within the last ten minutes, oldest first. */
  of({ metadata }: Pod, container: string, now: number): Exit[] {
    const known = this.#exits.get(metadata.uid ?? '')?.get(container) ?? [];
    return known.filter(({ at }) => now - at < lately);
  }

  /** The pod is gone. */
  forget(uid: string): void {
    this.#exits.delete(uid);
  }
}

function exitOf(state: ContainerStatus['state']): Exit | undefined {
  const { exitCode, reason = '', finishedAt } = state?.terminated ?? {};
  const at = timeOf(finishedAt);
  return exitCode === undefined || at === undefined ? undefined : { at, exitCode, reason };
}

/** One row of the Containers page: a container of an instance; pure. */
import { type App, ownerOf } from '../apps/app';
import { podCause } from '../causes/pod-cause';
import type { Pod } from '../kinds/pod';
import { type ContainerStateName, containerStateOf } from './container-state';
import { exitCodeMeaning } from '../causes/exit-code';
import type { Message } from '../i18n/message';

export interface ContainerRow {
  readonly key: string;
  readonly name: string;
  readonly pod: Pod;
  readonly app: App | undefined;
  readonly project: string;
  readonly state: ContainerStateName;
  /** Why it does not run, in a sentence. */
  readonly note: Message | undefined;
  readonly image: string;
  readonly ports: readonly number[];
  readonly restarts: number;
  readonly since: string;
}

export function containerRows(pods: readonly Pod[], apps: readonly App[], now: number): ContainerRow[] {
  const appsByOwner = new Map(apps.map((app) => [`${app.project}/${app.kind}/${app.name}`, app]));
  return pods.flatMap((pod) => {
    const app = appsByOwner.get(ownerOf(pod) ?? '');
    return pod.spec.containers.map((container): ContainerRow => {
      const status = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
      const state = containerStateOf(pod, container.name);
      return {
        key: `${pod.metadata.uid}/${container.name}`,
        name: container.name,
        pod,
        app,
        project: pod.metadata.namespace ?? '',
        state,
        note: noteOf(state, status?.state?.terminated?.exitCode ?? status?.lastState?.terminated?.exitCode, pod, now),
        image: container.image ?? '',
        ports: (container.ports ?? []).map(({ containerPort }) => containerPort),
        restarts: status?.restartCount ?? 0,
        since: status?.state?.running?.startedAt ?? '',
      };
    });
  });
}

function noteOf(state: ContainerStateName, exitCode: number | undefined, pod: Pod, now: number): Message | undefined {
  if (state === 'running' || state === 'starting' || state === 'stopped' || state === 'stopping') return undefined;
  const cause = podCause(pod, now);
  if (cause) return cause.what;
  return state === 'crashed' && exitCode !== undefined ? exitCodeMeaning(exitCode) : undefined;
}

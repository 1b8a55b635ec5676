/** The state of one container in plain words; pure. */
import type { MessageKey } from '../i18n/message';
import { type Pod, stoppedContainersOf } from '../kinds/pod';
import type { IconName } from '../ui/icon-paths';
import type { Tone } from '../ui/status-mark';

export type ContainerStateName =
  'running' | 'unready' | 'starting' | 'stopping' | 'stopped' | 'crashed' | 'done' | 'waiting';

const looks: Readonly<
  Record<ContainerStateName, { readonly tone: Tone; readonly icon: IconName; readonly word: MessageKey }>
> = {
  running: { tone: 'ok', icon: 'okCircle', word: 'state.running' },
  unready: { tone: 'warn', icon: 'warning', word: 'state.unready' },
  starting: { tone: 'info', icon: 'progress', word: 'state.starting' },
  stopping: { tone: 'idle', icon: 'progress', word: 'state.stopping' },
  stopped: { tone: 'idle', icon: 'pause', word: 'state.stopped' },
  crashed: { tone: 'bad', icon: 'error', word: 'state.crashed' },
  done: { tone: 'idle', icon: 'check', word: 'state.done' },
  waiting: { tone: 'warn', icon: 'warning', word: 'state.waiting' },
};

export function stateLook(state: ContainerStateName) {
  return looks[state];
}

const onItsWay: ReadonlySet<string> = new Set(['ContainerCreating', 'PodInitializing', '']);

export function containerStateOf(pod: Pod, container: string): ContainerStateName {
  if (pod.metadata.deletionTimestamp) return 'stopping';
  const status = pod.status?.containerStatuses?.find(({ name }) => name === container);
  const { running, waiting, terminated } = status?.state ?? {};
  const wanted = !stoppedContainersOf(pod).includes(container);
  if (running) return !wanted ? 'stopping' : status?.ready === false ? 'unready' : 'running';
  if (!wanted) return 'stopped';
  if (terminated) return terminated.exitCode === 0 ? 'done' : 'crashed';
  if (waiting?.reason === 'CrashLoopBackOff') return 'crashed';
  if (waiting && !onItsWay.has(waiting.reason ?? '')) return 'waiting';
  return pod.spec.nodeName === undefined ? 'waiting' : 'starting';
}

/** How the states of an app look: tone, icon and word. */
import type { MessageKey } from '../i18n/message';
import type { IconName } from '../ui/icon-paths';
import type { Tone } from '../ui/status-mark';
import type { AppState } from './app';

export interface StateLook {
  readonly tone: Tone;
  readonly icon: IconName;
  readonly word: MessageKey;
  /** Place when sorted by state: the worst first. */
  readonly order: number;
}

export const stateLooks: Readonly<Record<AppState, StateLook>> = {
  failing: { tone: 'bad', icon: 'error', word: 'state.failing', order: 0 },
  degraded: { tone: 'warn', icon: 'warning', word: 'state.degraded', order: 1 },
  deleting: { tone: 'idle', icon: 'progress', word: 'state.deleting', order: 2 },
  stopping: { tone: 'idle', icon: 'progress', word: 'state.stopping', order: 3 },
  starting: { tone: 'info', icon: 'progress', word: 'state.starting', order: 4 },
  updating: { tone: 'info', icon: 'progress', word: 'state.updating', order: 5 },
  running: { tone: 'ok', icon: 'okCircle', word: 'state.running', order: 6 },
  stopped: { tone: 'idle', icon: 'pause', word: 'state.stopped', order: 7 },
};

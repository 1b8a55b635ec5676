/** Looks at whatever a key names, with the rules that are about it. */
import { clusterNamespace } from './alert.ts';
import { both, lookAt, nothingThere, type Look } from './look.ts';
import type { Observed } from './observed.ts';
import { Changes } from './rests.ts';
import { appRules, autoscalerRules, channelRules, machineRules, taskRules } from './rules/index.ts';
import { appKey, type Key } from './subjects.ts';
import type { AppSubject, AppView } from './views/app.ts';

/** What a look at one thing tells, beyond what the rules found. */
export interface Seen {
  readonly look: Look;
  readonly app?: AppView | undefined;
  /** Until when nothing new fires, because a change settles; milliseconds since 1970. */
  readonly restsUntil?: number | undefined;
  readonly isGone?: boolean;
  /** Apps whose troubles explain what was found. */
  readonly explainedBy?: readonly Key[];
}

const gone: Seen = { look: nothingThere, isGone: true };

export class Looks {
  readonly #observed: Observed;
  readonly #changes = new Changes();
  readonly #sizes = new Map<Key, number>();

  constructor(observed: Observed) {
    this.#observed = observed;
  }

  /** Instances of the app at the last look, if there were many. */
  sizeOf(key: Key): number {
    return this.#sizes.get(key) ?? 0;
  }

  at(key: Key, now: number): Seen {
    const [sort, first = '', second = '', third = ''] = key.split('|');
    switch (sort) {
      case 'app':
        return this.#app({ kind: first, namespace: second, name: third }, now);
      case 'machine': {
        const view = this.#observed.machine(first);
        const subject = { namespace: clusterNamespace, kind: 'Node', name: first };
        return view ? { look: lookAt(view, machineRules, subject, now) } : gone;
      }
      case 'autoscaler':
        return this.#autoscaler(first, second, now);
      case 'channel': {
        const view = this.#observed.channel(first);
        const subject = { namespace: clusterNamespace, kind: 'NotificationChannel', name: first };
        return view ? { look: lookAt(view, channelRules, subject, now) } : gone;
      }
      default:
        return gone;
    }
  }

  #app(subject: AppSubject, now: number): Seen {
    const key = appKey(subject);
    const app = this.#observed.app(subject, now);
    if (!app) {
      this.#changes.forget(key);
      this.#sizes.delete(key);
      return gone;
    }
    if (app.size > 100) this.#sizes.set(key, app.size);
    else this.#sizes.delete(key);
    const task = this.#observed.task(subject);
    const look = lookAt(app, appRules, subject, now);
    return {
      look: task ? both(look, lookAt(task, taskRules, subject, now)) : look,
      app,
      restsUntil: this.#changes.restsUntil(app, now),
    };
  }

  #autoscaler(namespace: string, name: string, now: number): Seen {
    const view = this.#observed.autoscaler(namespace, name);
    if (!view) return gone;
    const { kind = '', name: target = '' } = view.spec?.scaleTargetRef ?? {};
    return {
      look: lookAt(view, autoscalerRules, { namespace, kind: 'HorizontalPodAutoscaler', name }, now),
      explainedBy: [appKey({ kind, namespace, name: target })],
    };
  }
}

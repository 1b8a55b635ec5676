/** Looks at whatever a key names, with the rules that are about it. */
import type { ControllerContext } from '../runtime/define-controller.ts';
import { clusterNamespace } from './alert.ts';
import { both, lookAt, nothingThere, type Look } from './look.ts';
import { Observed } from './observed.ts';
import { ObservedAddresses } from './observed-addresses.ts';
import { ObservedClaims } from './observed-claims.ts';
import { ObservedQuotas } from './observed-quotas.ts';
import { Changes } from './rests.ts';
import {
  accountRules,
  addressRules,
  appRules,
  autoscalerRules,
  channelRules,
  claimRules,
  machineRules,
  quotaRules,
  taskRules,
} from './rules/index.ts';
import { accountKey, appKey, type Key } from './subjects.ts';
import type { SignInWatch } from './views/account.ts';
import type { AppSubject, AppView } from './views/app.ts';
import type { NodeFigures } from './views/machine.ts';

/** What a look at one thing tells, beyond what the rules found. */
export interface Seen {
  readonly look: Look;
  readonly app?: AppView | undefined;
  /** Until when nothing new fires, because a change settles; milliseconds since 1970. */
  readonly restsUntil?: number | undefined;
  readonly isGone?: boolean;
  /** Apps whose troubles explain what was found. */
  readonly explainedBy?: readonly Key[];
  /** What else may be another way now. */
  readonly concerns?: readonly Key[];
}

const gone: Seen = { look: nothingThere, isGone: true };

export interface LookOptions {
  readonly figures: NodeFigures | undefined;
  readonly signIns: SignInWatch | undefined;
}

export class Looks {
  readonly #observed: Observed;
  readonly #addresses: ObservedAddresses;
  readonly #claims: ObservedClaims;
  readonly #quotas: ObservedQuotas;
  readonly #signIns: SignInWatch | undefined;
  readonly #changes = new Changes();
  readonly #sizes = new Map<Key, number>();
  readonly #stopped = new Set<Key>();

  constructor(context: ControllerContext, { figures, signIns }: LookOptions) {
    this.#signIns = signIns;
    this.#observed = new Observed(context, figures);
    this.#addresses = new ObservedAddresses(context, this.#observed);
    this.#claims = new ObservedClaims(context, this.#observed);
    this.#quotas = new ObservedQuotas(context, this.#observed);
  }

  /** Calls `changed` with the key of whatever an event is about. */
  listen(changed: (key: Key) => void): void {
    this.#observed.listen(changed);
    this.#addresses.listen(changed);
    this.#claims.listen(changed);
    this.#quotas.listen(changed);
    this.#signIns?.listen((account) => changed(accountKey(account)));
  }

  /** Keys of what the time alone may bring trouble to. */
  timed(): Key[] {
    return [...this.#observed.timed(), ...this.#quotas.timed()];
  }

  machineOf(namespace: string, pod: string): string | undefined {
    return this.#observed.machineOf(namespace, pod);
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
        const view = this.#observed.machine(first, now);
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
      case 'service':
        return this.#address(first, second, now);
      case 'claim':
        return this.#claim(first, second, now);
      case 'account': {
        const view = this.#signIns?.of(first);
        const subject = { namespace: clusterNamespace, kind: 'Account', name: first };
        return view ? { look: lookAt(view, accountRules, subject, now) } : gone;
      }
      case 'quota': {
        const view = this.#quotas.view(first, second);
        const subject = { namespace: first, kind: 'ResourceQuota', name: second };
        return view ? { look: lookAt(view, quotaRules, subject, now) } : gone;
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
      this.#stopped.delete(key);
      return gone;
    }
    if (app.size > 100) this.#sizes.set(key, app.size);
    else this.#sizes.delete(key);
    if (app.wanted === 0) this.#stopped.add(key);
    const isStarted = app.wanted !== 0 && this.#stopped.delete(key);
    const task = this.#observed.task(subject);
    const look = lookAt(app, appRules, subject, now);
    return {
      look: task ? both(look, lookAt(task, taskRules, subject, now)) : look,
      app,
      ...(isStarted && { concerns: this.#addresses.selecting(app.namespace, app.labels) }),
      restsUntil: this.#changes.restsUntil(app, now),
    };
  }

  #address(namespace: string, name: string, now: number): Seen {
    const view = this.#addresses.view(namespace, name, now);
    if (!view) return gone;
    const rests = view.apps.map((app) => this.#restsUntil(app, now)).filter((time) => time !== undefined);
    return {
      look: lookAt(view, addressRules, { namespace, kind: 'Service', name }, now),
      explainedBy: view.apps.map(appKey),
      restsUntil: rests.length ? Math.max(...rests) : undefined,
    };
  }

  #restsUntil(subject: AppSubject, now: number): number | undefined {
    const app = this.#observed.app(subject, now);
    return app && this.#changes.restsUntil(app, now);
  }

  #claim(namespace: string, name: string, now: number): Seen {
    const view = this.#claims.view(namespace, name);
    if (!view) return gone;
    return {
      look: lookAt(view, claimRules, { namespace, kind: 'PersistentVolumeClaim', name }, now),
      explainedBy: view.apps.map(appKey),
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

/** Keeps alerts true: looks at what has changed, and again while something is wrong; where nothing is wrong it rests. */
import type { Informer } from '@naru/api/client/informer';
import { isNotFound } from '@naru/api/status';
import type { ControllerContext } from '../runtime/define-controller.ts';
import { WorkQueue } from '../runtime/work-queue.ts';
import { alerts, type Alert, type AlertReference } from './alert.ts';
import { AlertObjects } from './alert-objects.ts';
import { referenceTo, type Entry } from './entry.ts';
import { eventsAbout, type ReadLog } from './evidence.ts';
import { fold, type Candidate, type OfflineMachine } from './fold.ts';
import { Looks, type Seen } from './looks.ts';
import { outdated } from './retention.ts';
import { PendingTimes } from './pending-times.ts';
import { restore } from './restore.ts';
import { ruleId, type AnyRule } from './rule.ts';
import { engineDown, machineOffline } from './rules/machines.ts';
import { step, wakeAfter, type AlertState } from './state.ts';
import type { Key } from './subjects.ts';
import type { SignInWatch } from './views/account.ts';
import type { AppView } from './views/app.ts';
import type { NodeFigures } from './views/machine.ts';

/** Events come in swarms. */
const gatheredFor = 1_000;
/** Looking at a great app takes a while, so it is done less often. */
const perInstance = 1;
/** What runs on such a machine is not to be blamed. */
const takesAppsAlong: ReadonlySet<AnyRule> = new Set([machineOffline, engineDown]);
/** How often what the time alone may bring trouble to is looked at. */
const timedEvery = 30_000;
const timedKey: Key = 'timed';
const aDay = 24 * 60 * 60_000;
const pullReasons = new Set(['Pulling', 'Pulled', 'Failed']);
const retentionKey: Key = 'retention';
const timesKey: Key = 'times';
const savedAfter = 1_000;

export interface EngineOptions {
  readonly figures: NodeFigures | undefined;
  readonly readLog: ReadLog | undefined;
  readonly signIns: SignInWatch | undefined;
}

export class Engine {
  readonly #context: ControllerContext;
  readonly #looks: Looks;
  readonly #alerts: Informer<Alert>;
  readonly #objects: AlertObjects;
  readonly #times: PendingTimes;
  readonly #queue: WorkQueue;
  readonly #entries = new Map<string, Entry>();
  readonly #byKey = new Map<Key, Set<string>>();
  /** By key, the alerts that know of its consequences. */
  readonly #toldTo = new Map<Key, Set<string>>();
  readonly #offlineMachines = new Set<string>();
  readonly #pendingKeys = new Set<Key>();
  #idleSince = 0;

  constructor(context: ControllerContext, { figures, readLog, signIns }: EngineOptions) {
    const { clock, log, signal, client, informers } = context;
    this.#context = context;
    this.#looks = new Looks(context, { figures, signIns });
    this.#alerts = informers.for<Alert>(alerts);
    this.#objects = new AlertObjects({ client, informer: this.#alerts, clock, readLog });
    this.#times = new PendingTimes({ client, clock });
    this.#queue = new WorkQueue({
      clock,
      workers: 4,
      work: (key) => this.#work(key),
      onError: (key, error) => {
        if (!signal.aborted) log.error({ err: error, key }, 'alerts cannot be written');
      },
    });
    signal.addEventListener('abort', () => this.#queue.stop(), { once: true });
  }

  /** Begins, with what an earlier run left open. */
  async start(): Promise<void> {
    const { log, signal } = this.#context;
    await this.#times.load().catch((error: unknown) => log.error({ err: error }, 'alert timers begin anew'));
    if (signal.aborted) return;
    for (const entry of restore(this.#alerts.list())) {
      this.#keep(entry);
      this.#queue.add(entry.key);
    }
    this.#looks.listen((key) => this.#changed(key));
    this.#queue.add(retentionKey);
    this.#queue.addAfter(timedKey, timedEvery);
    this.#queue.start();
  }

  #lookAtTimed(): void {
    for (const key of this.#looks.timed()) this.#queue.add(key);
    this.#queue.addAfter(timedKey, timedEvery);
  }

  /** When all that was known had been looked at, in milliseconds since 1970: now, unless something waits. */
  seenAt(): number {
    if (this.#queue.length === 0) this.#idleSince = this.#context.clock.now();
    return this.#idleSince;
  }

  #changed(key: Key): void {
    this.#queue.addAfter(key, gatheredFor + perInstance * this.#looks.sizeOf(key));
  }

  async #work(key: Key): Promise<void> {
    if (key === retentionKey) return this.#retire();
    if (key === timedKey) return this.#lookAtTimed();
    if (key === timesKey) return this.#saveTimes();
    const now = this.#context.clock.now();
    const seen = this.#looks.at(key, now);
    this.#advance(key, seen, now);
    this.#fold(key, seen, now);
    for (const entry of this.#of(key)) await this.#tell(entry);
    for (const other of seen.concerns ?? []) this.#queue.add(other);
    this.#plan(key, seen, this.#context.clock.now());
    if (this.#queue.length <= 1) this.#idleSince = this.#context.clock.now();
  }

  /** Moves every alert of the key on by one step. What is over stays until its object says so. */
  #advance(key: Key, { look, app, restsUntil, isGone }: Seen, now: number): void {
    const found = new Map(look.found.map((looked) => [looked.fingerprint, looked]));
    const restsFor = (rule: AnyRule) => rule.restsAfterChange === true && restsUntil !== undefined;
    for (const entry of this.#of(key)) {
      const { rule, fingerprint, state } = entry;
      const finding = look.unknown.has(ruleId(rule)) ? 'unknown' : found.get(fingerprint)?.finding;
      const isOver = isGone || (rule.endsWithInstances === true && app !== undefined && areGone(state, app));
      found.delete(fingerprint);
      if (state.phase === 'resolved' && !finding) continue;
      const next = step(state, { rule, now, finding, rests: restsFor(rule), isOver });
      if (next) entry.state = next;
      if (!next || (next.phase === 'resolved' && !entry.objectName)) this.#drop(entry);
    }
    for (const { finding, ...what } of found.values()) {
      const known = {
        ...finding,
        since: Math.min(finding.since ?? now, this.#times.take(what.fingerprint, now) ?? now),
      };
      const state = step(undefined, { rule: what.rule, now, finding: known, rests: restsFor(what.rule) });
      if (state) this.#keep({ ...what, key, state, consequences: new Map(), causes: [] });
    }
    this.#noteTimes(key);
  }

  #noteTimes(key: Key): void {
    const isPending = this.#of(key).some(({ state }) => state.phase === 'pending');
    if (isPending || this.#pendingKeys.has(key)) this.#queue.addAfter(timesKey, savedAfter);
    if (isPending) this.#pendingKeys.add(key);
    else this.#pendingKeys.delete(key);
  }

  async #saveTimes(): Promise<void> {
    const pending = [...this.#pendingKeys]
      .flatMap((key) => this.#of(key))
      .filter(({ state }) => state.phase === 'pending');
    await this.#times.save(new Map(pending.map(({ fingerprint, state }) => [fingerprint, state.startedAt])));
  }

  /** Decides which alerts of the key are told by themselves. */
  #fold(key: Key, { app, explainedBy = [] }: Seen, now: number): void {
    const entries = this.#of(key);
    if (entries.length === 0 && !this.#toldTo.has(key)) return;
    const candidates: Candidate[] = entries.map(({ fingerprint, rule, state, objectName }) => ({
      fingerprint,
      rule,
      state,
      isTold: objectName !== undefined,
    }));
    const elsewhere = this.#explanations(explainedBy);
    const machineOf = (pod: string) => this.#looks.machineOf(app?.namespace ?? '', pod);
    const { folded, follows } = fold(candidates, { offline: app ? this.#offline() : [], elsewhere, machineOf });
    for (const entry of entries) {
      const under = folded.get(entry.fingerprint);
      if (entry.foldedUnder && !under && !entry.objectName) this.#unfold(entry, now);
      if (under) entry.foldedUnder = under;
      else delete entry.foldedUnder;
      const cause = this.#entries.get(follows.get(entry.fingerprint) ?? '');
      entry.causes = cause ? [referenceTo(cause)] : [];
    }
    this.#tellCauses(key, entries);
  }

  /** Its cause is over: what still is so has to last once more, and what was ending ends unsaid. */
  #unfold(entry: Entry, now: number): void {
    const { phase } = entry.state;
    if (phase === 'firing' || phase === 'pending') entry.state = suspected(entry.state, now);
    if (entry.state.phase === 'recovering') this.#drop(entry);
  }

  /** Open alerts of these apps, causes first; one that is told with another stands for that one. */
  #explanations(apps: readonly Key[]): string[] {
    const open = apps.flatMap((key) => this.#of(key)).filter(({ state }) => state.phase !== 'resolved');
    const causes = open.filter(({ rule }) => rule.role === 'cause');
    const others = open.filter(({ rule }) => rule.role === 'consequence');
    return [...causes, ...others].map(({ fingerprint, foldedUnder }) => foldedUnder ?? fingerprint);
  }

  /** Lets causes know what follows from them. */
  #tellCauses(key: Key, entries: readonly Entry[]): void {
    const following = new Map<string, AlertReference[]>();
    for (const entry of entries) {
      if (!entry.foldedUnder || entry.state.phase === 'pending') continue;
      const known = following.get(entry.foldedUnder) ?? [];
      following.set(entry.foldedUnder, [...known, referenceTo(entry)]);
    }
    const told = this.#toldTo.get(key) ?? new Set<string>();
    for (const fingerprint of new Set([...told, ...following.keys()])) {
      const entry = this.#entries.get(fingerprint);
      const list = following.get(fingerprint);
      if (!entry || sameReferences(entry.consequences.get(key), list)) continue;
      if (list) entry.consequences.set(key, list);
      else entry.consequences.delete(key);
      if (entry.key !== key) this.#queue.add(entry.key);
    }
    if (following.size) this.#toldTo.set(key, new Set(following.keys()));
    else this.#toldTo.delete(key);
  }

  #offline(): OfflineMachine[] {
    return [...this.#offlineMachines].flatMap((fingerprint) => {
      const entry = this.#entries.get(fingerprint);
      return entry ? [{ fingerprint, machine: entry.subject.name }] : [];
    });
  }

  async #tell(entry: Entry): Promise<void> {
    const { phase } = entry.state;
    if (phase === 'pending' || (entry.foldedUnder && !entry.objectName)) return;
    if (!entry.objectName && entry.rule.unlessPulling && (await this.#isPulling(entry))) {
      entry.state = suspected(entry.state, this.#context.clock.now());
      return;
    }
    await this.#objects.write(entry);
    if (phase !== 'resolved') return;
    this.#drop(entry);
    this.#queue.add(retentionKey);
  }

  async #isPulling({ namespace, state: { witness } }: Entry): Promise<boolean> {
    const said = witness ? await eventsAbout(namespace, witness.pod, this.#context.client) : [];
    const last = said.filter(({ reason = '' }) => pullReasons.has(reason)).at(-1);
    return last?.reason === 'Pulling';
  }

  /** When to look again though nothing happens. */
  #plan(key: Key, { look, restsUntil }: Seen, now: number): void {
    const waits = this.#of(key).map(({ state, rule }) => wakeAfter(state, rule, now));
    if (restsUntil !== undefined && look.found.length) waits.push(restsUntil - now);
    const soonest = Math.min(...waits.filter((wait) => wait !== undefined));
    if (Number.isFinite(soonest)) this.#queue.addAfter(key, Math.max(soonest, 1));
  }

  async #retire(): Promise<void> {
    const { clock, client } = this.#context;
    for (const { metadata } of outdated(this.#alerts.list(), clock.now())) {
      await client
        .for(alerts)
        .delete(metadata.name ?? '', metadata.namespace)
        .catch((error: unknown) => {
          if (!isNotFound(error)) throw error;
        });
    }
    this.#queue.addAfter(retentionKey, aDay);
  }

  #of(key: Key): Entry[] {
    return [...(this.#byKey.get(key) ?? [])].map((fingerprint) => this.#entries.get(fingerprint)!);
  }

  #keep(entry: Entry): void {
    this.#entries.set(entry.fingerprint, entry);
    if (takesAppsAlong.has(entry.rule)) this.#offlineMachines.add(entry.fingerprint);
    this.#byKey.set(entry.key, (this.#byKey.get(entry.key) ?? new Set()).add(entry.fingerprint));
  }

  #drop({ fingerprint, key }: Entry): void {
    this.#entries.delete(fingerprint);
    this.#offlineMachines.delete(fingerprint);
    const ofKey = this.#byKey.get(key);
    ofKey?.delete(fingerprint);
    if (ofKey?.size === 0) this.#byKey.delete(key);
  }
}

/** What was hidden behind a cause that is no more has to last once more before it is told. */
const suspected = (state: AlertState, now: number): AlertState => {
  const { firedAt: _fired, ...rest } = state;
  return { ...rest, phase: 'pending', startedAt: now, notBefore: now, timesFired: 0 };
};

/** None of the instances that showed it is there any more, and the app is well, or is to be stopped. */
function areGone({ instances }: AlertState, { troubled, going, wanted = 0, available }: AppView): boolean {
  const present = new Set([...troubled, ...going].map(({ metadata }) => metadata.name));
  return available >= wanted && !instances.some((name) => present.has(name));
}

const sameReferences = (a: readonly AlertReference[] | undefined, b: readonly AlertReference[] | undefined): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

/** The verbs of an app: start, stop, restart, scale, delete. Marks what is under way and explains what fails. */
import { Injectable, inject, signal } from '@angular/core';
import { ApiClient, type PatchType } from '../cluster/api-client';
import { type Failure, asFailure } from '../cluster/failure';
import { message } from '../i18n/message';
import { Session } from '../session/session';
import { Ask } from '../ui/ask';
import { Notices } from '../ui/notices';
import type { App } from './app';
import {
  type Intent,
  containerPatch,
  restartPatch,
  scalePatch,
  startPatch,
  stopPatch,
  templatePatch,
} from './app-patches';
import { deletionOf } from './app-deletion';

export type Verb = 'start' | 'stop' | 'restart' | 'scale' | 'delete' | 'change';

/** A deletion can be taken back for this long, in milliseconds: it is sent only then. */
const grace = 10_000;

@Injectable({ providedIn: 'root' })
export class AppActions {
  readonly #api = inject(ApiClient);
  readonly #session = inject(Session);
  readonly #ask = inject(Ask);
  readonly #notices = inject(Notices);
  readonly #underWay = signal<ReadonlyMap<string, Verb>>(new Map());
  readonly #failures = signal<ReadonlyMap<string, Failure>>(new Map());

  /** What is being done to which app, by its id. */
  readonly underWay = this.#underWay.asReadonly();
  /** What failed last, by the app's id: shown beside the app. */
  readonly failures = this.#failures.asReadonly();

  start(app: App): Promise<void> {
    return this.#patch(app, 'start', startPatch(app, this.#intent()));
  }

  async stop(app: App): Promise<void> {
    if (!canStop(app) || app.stopped) return;
    await this.#patch(app, 'stop', stopPatch(app, this.#intent()));
    if (this.#failures().has(app.id)) return;
    this.#notices.show({
      message: message('apps.stopped', { name: app.name }),
      action: {
        label: message('action.undo'),
        run: () => void this.#patch(app, 'start', scalePatch(app.desired, this.#intent())),
      },
    });
  }

  restart(app: App): Promise<void> {
    return this.#patch(app, 'restart', restartPatch(this.#intent()));
  }

  scale(app: App, replicas: number): Promise<void> {
    return this.#patch(app, 'scale', scalePatch(Math.max(0, replicas), this.#intent()));
  }

  changeContainer(app: App, container: string, change: object): Promise<void> {
    return this.#patch(app, 'change', containerPatch(container, change, this.#intent()), 'strategic');
  }

  /** Puts back a template that the app had before. */
  useTemplate(app: App, template: object): Promise<void> {
    return this.#run(app, 'change', () =>
      this.#api.patch(
        app.path,
        'json',
        templatePatch(app.workload.metadata.annotations !== undefined, template, this.#intent()),
      ),
    );
  }

  async delete(app: App): Promise<void> {
    const deletion = deletionOf(app);
    const answer = await this.#ask.confirm(deletion.question);
    if (!answer) return;
    this.#mark(app, 'delete');
    const timer = setTimeout(
      () => void this.#run(app, 'delete', () => this.#deleteAll(deletion.paths(answer.chosen))),
      grace,
    );
    const undo = () => {
      clearTimeout(timer);
      this.#mark(app, undefined);
    };
    this.#notices.show(
      { message: message('apps.deleting', { name: app.name }), action: { label: message('action.undo'), run: undo } },
      grace,
    );
  }

  /** Deletes at once, without what belongs to it: for many apps together, after one question. */
  deleteNow(app: App): Promise<void> {
    return this.#run(app, 'delete', () => this.#deleteAll([app.path]));
  }

  forget(app: App): void {
    this.#failures.update((failures) => without(failures, app.id));
  }

  async #deleteAll(paths: readonly string[]): Promise<void> {
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', propagationPolicy: 'Background' };
    for (const path of paths) await this.#api.delete(path, body);
  }

  #patch(app: App, verb: Verb, patch: object, type: PatchType = 'merge'): Promise<void> {
    return this.#run(app, verb, () => this.#api.patch(app.path, type, patch));
  }

  async #run(app: App, verb: Verb, work: () => Promise<unknown>): Promise<void> {
    this.#mark(app, verb);
    this.forget(app);
    try {
      await work();
    } catch (error) {
      this.#failures.update((failures) => new Map(failures).set(app.id, asFailure(error)));
    } finally {
      this.#mark(app, undefined);
    }
  }

  #mark(app: App, verb: Verb | undefined): void {
    this.#underWay.update((marks) => (verb ? new Map(marks).set(app.id, verb) : without(marks, app.id)));
  }

  #intent(): Intent {
    return { user: this.#session.userName(), at: new Date().toISOString() };
  }
}

/** Whether an app can be stopped: one that runs on every machine has no number to set to nothing. */
export function canStop(app: Pick<App, 'kind'>): boolean {
  return app.kind !== 'DaemonSet';
}

function without<Value>(map: ReadonlyMap<string, Value>, key: string): ReadonlyMap<string, Value> {
  const next = new Map(map);
  next.delete(key);
  return next;
}

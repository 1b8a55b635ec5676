/** The verbs of one container and of one instance. */
import { Injectable, Injector, effect, inject, signal } from '@angular/core';
import type { App } from '../apps/app';
import { AppActions, canStop } from '../apps/app-actions';
import { ApiClient } from '../cluster/api-client';
import { Cluster } from '../cluster/cluster';
import { type Failure, asFailure } from '../cluster/failure';
import { message } from '../i18n/message';
import { type Pod, stoppedContainersOf } from '../kinds/pod';
import { Session } from '../session/session';
import { Ask } from '../ui/ask';

const stoppedContainers = 'naru.dev/stopped-containers';
/** A container that has not ended after this long is started again all the same, in milliseconds. */
const endingFor = 60_000;

@Injectable({ providedIn: 'root' })
export class PodActions {
  readonly #api = inject(ApiClient);
  readonly #cluster = inject(Cluster);
  readonly #injector = inject(Injector);
  readonly #ask = inject(Ask);
  readonly #apps = inject(AppActions);
  readonly #session = inject(Session);
  readonly #failures = signal<ReadonlyMap<string, Failure>>(new Map());
  readonly #underWay = signal<ReadonlySet<string>>(new Set());

  /** By `uid/container`. */
  readonly failures = this.#failures.asReadonly();
  readonly underWay = this.#underWay.asReadonly();

  stop(pod: Pod, container: string): Promise<void> {
    return this.#setStopped(pod, container, [...stoppedContainersOf(pod), container]);
  }

  start(pod: Pod, container: string): Promise<void> {
    return this.#setStopped(
      pod,
      container,
      stoppedContainersOf(pod).filter((name) => name !== container),
    );
  }

  /** Stopped and, once it has ended, started again in its place; the app and the other containers are not touched. */
  async restart(pod: Pod, container: string): Promise<void> {
    const others = stoppedContainersOf(pod).filter((name) => name !== container);
    await this.#run(pod, container, async () => {
      await this.#annotate(pod, { [stoppedContainers]: [...others, container].join(',') });
      await this.#untilEnded(pod, container);
      await this.#annotate(pod, { [stoppedContainers]: others.join(',') || null });
    });
  }

  /** Deletes the instance; an app that owns it starts another, and that is said first. */
  async delete(pod: Pod, app: App | undefined): Promise<void> {
    const answer = await this.#ask.confirm({
      title: message('confirm.deletePod', { name: pod.metadata.name }),
      text: app ? message('confirm.deletePodOfApp', { app: app.name }) : message('confirm.deletePodText'),
      confirm: message('action.delete'),
      ...(app && canStop(app) && !app.stopped ? { instead: message('confirm.stopApp', { app: app.name }) } : {}),
    });
    if (!answer) return;
    if (answer.instead && app) return this.#apps.stop(app);
    await this.#run(pod, '', () => this.#api.delete(pathOf(pod)));
  }

  forget(key: string): void {
    this.#failures.update((failures) => new Map([...failures].filter(([known]) => known !== key)));
  }

  #untilEnded(pod: Pod, container: string): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(deadline);
        watching.destroy();
        resolve();
      };
      const deadline = setTimeout(done, endingFor);
      const watching = effect(
        () => {
          const now = this.#cluster.allPods().find(({ metadata }) => metadata.uid === pod.metadata.uid);
          const status = now?.status?.containerStatuses?.find(({ name }) => name === container);
          if (!now || (!status?.state?.running && stoppedContainersOf(now).includes(container))) done();
        },
        { injector: this.#injector, manualCleanup: true },
      );
    });
  }

  #setStopped(pod: Pod, container: string, names: readonly string[]): Promise<void> {
    const value = [...new Set(names)].join(',') || null;
    return this.#run(pod, container, () => this.#annotate(pod, { [stoppedContainers]: value }));
  }

  #annotate(pod: Pod, annotations: Record<string, string | null>): Promise<unknown> {
    const changed = {
      'naru.dev/changed-by': this.#session.userName(),
      'naru.dev/changed-at': new Date().toISOString(),
    };
    return this.#api.patch(pathOf(pod), 'merge', { metadata: { annotations: { ...changed, ...annotations } } });
  }

  async #run(pod: Pod, container: string, work: () => Promise<unknown>): Promise<void> {
    const key = `${pod.metadata.uid}/${container}`;
    this.forget(key);
    this.#underWay.update((keys) => new Set(keys).add(key));
    try {
      await work();
    } catch (error) {
      this.#failures.update((failures) => new Map(failures).set(key, asFailure(error)));
    } finally {
      this.#underWay.update((keys) => new Set([...keys].filter((known) => known !== key)));
    }
  }
}

function pathOf(pod: Pod): string {
  return `/api/v1/namespaces/${pod.metadata.namespace ?? ''}/pods/${pod.metadata.name}`;
}

/** Carries out what the button of a cause offers. */
import { Injectable, inject } from '@angular/core';
import { Router } from '@angular/router';
import type { Remedy } from '../causes/cause';
import { ApiClient } from '../cluster/api-client';
import { asFailure } from '../cluster/failure';
import { DockTabs } from '../dock/dock-tabs';
import { message } from '../i18n/message';
import { Ask } from '../ui/ask';
import { Notices } from '../ui/notices';
import type { App } from './app';
import { AppActions } from './app-actions';
import { AppRollback } from './app-rollback';
import { podCause } from '../causes/pod-cause';

type RemedyOf<Kind extends Remedy['kind']> = Extract<Remedy, { readonly kind: Kind }>;

@Injectable({ providedIn: 'root' })
export class AppRemedies {
  readonly #router = inject(Router);
  readonly #dock = inject(DockTabs);
  readonly #actions = inject(AppActions);
  readonly #ask = inject(Ask);
  readonly #api = inject(ApiClient);
  readonly #notices = inject(Notices);
  readonly #rollback = inject(AppRollback);

  async apply(app: App, remedy: Remedy): Promise<void> {
    switch (remedy.kind) {
      case 'logs':
        return this.#logs(app, remedy.container, remedy.previous);
      case 'image':
        return this.#changeImage(app, remedy.container);
      case 'memory-limit':
        return this.#actions.changeContainer(app, remedy.container, {
          resources: { limits: { memory: remedy.suggested } },
        });
      case 'reservation':
        return this.#reserveLess(app, remedy);
      case 'create':
        return void this.#router.navigate(['/resources', 'core', 'v1', remedy.what, 'new'], {
          queryParams: { project: app.project, name: remedy.name },
        });
      case 'rollback':
        return this.#rollback.ask(app);
      case 'yaml':
        return this.#open(app, 'yaml');
      case 'events':
        return this.#open(app, 'summary');
      case 'machines':
        return void this.#router.navigateByUrl('/resources/core/v1/nodes');
      case 'force-delete':
        return this.#forceDelete(app);
    }
  }

  #logs(app: App, container: string, previous: boolean): void {
    const failing = app.pods.find((pod) => podCause(pod, Date.now())) ?? app.pods[0];
    if (!failing) return;
    const { name } = failing.metadata;
    const title = previous ? `${name} (-1)` : name;
    this.#dock.open('logs', title, { project: app.project, pod: name, container, previous });
  }

  async #changeImage(app: App, container: string): Promise<void> {
    const before = containerOf(app, container)?.image ?? '';
    const image = await this.#ask.value({
      title: message('remedy.image'),
      label: message('run.image'),
      value: before,
      confirm: message('action.apply'),
    });
    if (image !== undefined && image !== before) await this.#actions.changeContainer(app, container, { image });
  }

  async #reserveLess(app: App, { container, resource, suggested }: RemedyOf<'reservation'>): Promise<void> {
    const value = await this.#ask.value({
      title: message('remedy.reservation'),
      label: message(resource === 'cpu' ? 'run.cpuReservation' : 'run.memoryReservation'),
      hint: message(resource === 'cpu' ? 'run.cpuHint' : 'run.memoryHint'),
      value: suggested ?? containerOf(app, container)?.resources?.requests?.[resource] ?? '',
      confirm: message('action.apply'),
    });
    if (value !== undefined)
      await this.#actions.changeContainer(app, container, { resources: { requests: { [resource]: value } } });
  }

  async #forceDelete(app: App): Promise<void> {
    const ending = app.pods.filter(({ metadata }) => metadata.deletionTimestamp);
    const body = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 };
    try {
      for (const { metadata } of ending)
        await this.#api.delete(`/api/v1/namespaces/${app.project}/pods/${metadata.name}`, body);
    } catch (error) {
      this.#notices.show({ message: message('remedy.forceDelete'), failure: asFailure(error) });
    }
  }

  #open(app: App, tab: string): void {
    void this.#router.navigate(['/apps', app.project, app.kind.toLowerCase(), app.name], { queryParams: { tab } });
  }
}

function containerOf(app: App, name: string) {
  const { containers, initContainers = [] } = app.workload.spec.template.spec;
  return [...containers, ...initContainers].find((container) => container.name === name);
}

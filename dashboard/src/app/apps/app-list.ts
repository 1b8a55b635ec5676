/** All apps with their verbs. */
import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, signal } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { Router, RouterLink } from '@angular/router';
import { Cluster } from '../cluster/cluster';
import { DockTabs } from '../dock/dock-tabs';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import { Preferences } from '../shell/preferences';
import { Shortcuts } from '../shell/shortcuts';
import { Age } from '../ui/age';
import { Ask } from '../ui/ask';
import { EmptyState } from '../ui/empty-state';
import { FreezeRows } from '../ui/freeze-rows';
import { Icon } from '../ui/icon';
import { liveTable } from '../ui/live-table';
import { Skeleton } from '../ui/skeleton';
import { SortHeader } from '../ui/sort-header';
import { StatusMark } from '../ui/status-mark';
import { TableTools } from '../ui/table-tools';
import { message } from '../i18n/message';
import type { App } from './app';
import { AppActions, type Verb, canStop } from './app-actions';
import { publicAddresses } from './app-address';
import { AppRemedies } from './app-remedies';
import { stateLooks } from './app-state';
import { appUsage } from './app-usage';
import { formatBytes, formatCores } from '../kinds/quantity';
import { Sparkline } from '../ui/sparkline';
import { targetUtilization } from '../kinds/autoscaler';
import { remedyLabel } from '../causes/remedy-label';

@Component({
  selector: 'naru-app-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    Age,
    EmptyState,
    FailureNote,
    FreezeRows,
    Icon,
    MatMenuModule,
    RouterLink,
    Skeleton,
    SortHeader,
    Sparkline,
    StatusMark,
    TableTools,
  ],
  templateUrl: './app-list.html',
  styleUrl: './app-list.scss',
})
export class AppList {
  readonly #router = inject(Router);
  readonly #dock = inject(DockTabs);
  readonly #ask = inject(Ask);
  protected readonly cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly preferences = inject(Preferences);
  protected readonly actions = inject(AppActions);
  protected readonly remedies = inject(AppRemedies);
  protected readonly looks = stateLooks;
  protected readonly canStop = canStop;
  protected readonly remedyLabel = remedyLabel;
  protected readonly targetUtilization = targetUtilization;
  protected readonly usage = appUsage();
  protected readonly formatCores = formatCores;
  protected readonly formatBytes = formatBytes;
  protected readonly active = signal<string | undefined>(undefined);
  protected readonly table = liveTable<App>({
    rows: this.cluster.apps,
    key: ({ id }) => id,
    text: (app) =>
      `${app.name} ${app.project} ${app.images.join(' ')} ${this.language.say(stateLooks[app.state].word)}`,
    columns: {
      status: ({ state }) => stateLooks[state].order,
      name: ({ name }) => name,
      project: ({ project }) => project,
      instances: ({ desired }) => desired,
      usage: ({ id }) => this.usage().get(id)?.cpu ?? -1,
      restarts: ({ restarts }) => restarts,
      age: ({ created }) => -Date.parse(created),
    },
    firstSort: 'name',
  });
  protected readonly manyProjects = computed(() => this.preferences.project() === '');

  constructor() {
    inject(DestroyRef).onDestroy(inject(Shortcuts).usePageKeys((code, event) => this.#key(code, event)));
  }

  protected link(app: App): string[] {
    return ['/apps', app.project, app.kind.toLowerCase(), app.name];
  }

  protected addresses(app: App) {
    return publicAddresses(app.services, location.hostname);
  }

  protected failure(app: App) {
    return this.actions.failures().get(app.id);
  }

  /** The word for what is being done to the app now, if anything is. */
  protected doing(app: App): string | undefined {
    const verb = this.actions.underWay().get(app.id);
    return verb && this.language.say(`doing.${verb}`);
  }

  protected logs(app: App): void {
    this.#dock.open('logs', app.name, { project: app.project, app: `${app.kind}/${app.name}` });
  }

  protected shell(app: App): void {
    const pod = app.pods.find(({ status }) => status?.phase === 'Running');
    const container = pod?.spec.containers[0]?.name;
    if (pod && container)
      this.#dock.open('shell', pod.metadata.name, { project: app.project, pod: pod.metadata.name, container });
  }

  protected async bulk(verb: Verb): Promise<void> {
    const apps = this.table.selectedRows();
    if (verb === 'delete') {
      const names = apps.map(({ name }) => name).join(', ');
      const answer = await this.#ask.confirm({
        title: message('confirm.deleteApps', { count: apps.length }),
        text: message('confirm.deleteAppsText', { names }),
        confirm: message('action.delete'),
      });
      if (!answer) return;
      await Promise.all(apps.map((app) => this.actions.deleteNow(app)));
    }
    if (verb === 'start')
      await Promise.all(apps.filter(({ stopped }) => stopped).map((app) => this.actions.start(app)));
    if (verb === 'stop') await Promise.all(apps.filter((app) => !app.stopped).map((app) => this.actions.stop(app)));
    if (verb === 'restart')
      await Promise.all(apps.filter((app) => !app.stopped).map((app) => this.actions.restart(app)));
    this.table.clearSelection();
  }

  /** One number for all; those that scale by themselves or run everywhere are left alone. */
  protected async bulkScale(): Promise<void> {
    const apps = this.table.selectedRows().filter((app) => canStop(app) && !app.autoscaler);
    const answer = await this.#ask.value({
      title: message('action.scale'),
      label: message('apps.instances'),
      value: String(apps[0]?.desired ?? 1),
      confirm: message('action.apply'),
    });
    const replicas = Number(answer);
    if (answer === undefined || !Number.isInteger(replicas) || replicas < 0 || replicas > 1000) return;
    await Promise.all(apps.map((app) => this.actions.scale(app, replicas)));
    this.table.clearSelection();
  }

  /** Keys of the table; whether the key was used. */
  #key(code: string, event: KeyboardEvent): boolean {
    const rows = this.table.rows();
    const index = rows.findIndex(({ key }) => key === this.active());
    const app = rows[index]?.row;
    const move = (to: number) => {
      this.active.set(rows[Math.min(Math.max(to, 0), rows.length - 1)]?.key);
      return true;
    };
    if (code === 'KeyJ' || code === 'ArrowDown') return move(index + 1);
    if (code === 'KeyK' || code === 'ArrowUp') return move(index - 1);
    if (!app) return false;
    if (code === 'KeyX') this.table.toggle(app.id, event.shiftKey);
    else if (code === 'Enter' && event.target === document.body) void this.#router.navigate(this.link(app));
    else if (code === 'KeyL') this.logs(app);
    else if (code === 'KeyS') this.shell(app);
    else if (code === 'KeyY') void this.#router.navigate(this.link(app), { queryParams: { tab: 'yaml' } });
    else if (code === 'KeyR') void this.actions.restart(app);
    else if (code === 'KeyP') void (app.stopped ? this.actions.start(app) : this.actions.stop(app));
    else if (code === 'Equal' || code === 'NumpadAdd') this.#step(app, 1);
    else if (code === 'Minus' || code === 'NumpadSubtract') this.#step(app, -1);
    else if (code === 'Delete') void this.actions.delete(app);
    else return false;
    return true;
  }

  #step(app: App, by: number): void {
    if (canStop(app) && !app.autoscaler && app.desired + by >= 1) void this.actions.scale(app, app.desired + by);
  }
}

/** Every container, one by one, for who comes from Docker. */
import { ChangeDetectionStrategy, Component, DestroyRef, computed, inject, signal } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { RouterLink } from '@angular/router';
import { Cluster } from '../cluster/cluster';
import { TickingClock } from '../cluster/ticking-clock';
import { DockTabs } from '../dock/dock-tabs';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import { Shortcuts } from '../shell/shortcuts';
import { Age } from '../ui/age';
import { EmptyState } from '../ui/empty-state';
import { FreezeRows } from '../ui/freeze-rows';
import { Icon } from '../ui/icon';
import { liveTable } from '../ui/live-table';
import { Skeleton } from '../ui/skeleton';
import { SortHeader } from '../ui/sort-header';
import { StatusMark } from '../ui/status-mark';
import { TableTools } from '../ui/table-tools';
import { type ContainerRow, containerRows } from './container-row';
import { stateLook } from './container-state';
import { PodActions } from './pod-actions';

@Component({
  selector: 'naru-container-list',
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
    StatusMark,
    TableTools,
  ],
  templateUrl: './container-list.html',
  styleUrl: './container-list.scss',
})
export class ContainerList {
  readonly #dock = inject(DockTabs);
  readonly #clock = inject(TickingClock);
  protected readonly cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly actions = inject(PodActions);
  protected readonly look = stateLook;
  /** With a single machine there is nothing to tell apart. */
  protected readonly oneMachine = computed(() => this.cluster.nodes().length < 2);
  protected readonly active = signal<string | undefined>(undefined);
  readonly #rows = computed(() => containerRows(this.cluster.pods(), this.cluster.apps(), this.#clock.now()));
  protected readonly table = liveTable<ContainerRow>({
    rows: this.#rows,
    key: ({ key }) => key,
    text: ({ name, pod, project, image, app }) =>
      `${name} ${pod.metadata.name} ${project} ${image} ${app?.name ?? ''} ${pod.spec.nodeName ?? ''}`,
    columns: {
      name: ({ app, pod, name }) => `${app?.name ?? ''} ${pod.metadata.name} ${name}`,
      status: ({ state }) => stateLook(state).word,
      machine: ({ pod }) => pod.spec.nodeName ?? '',
      image: ({ image }) => image,
      restarts: ({ restarts }) => restarts,
      uptime: ({ since }) => -Date.parse(since),
    },
    firstSort: 'name',
  });

  constructor() {
    inject(DestroyRef).onDestroy(inject(Shortcuts).usePageKeys((code) => this.#key(code)));
  }

  /** What does not run has no shell and nothing to restart. */
  protected runs({ state }: ContainerRow): boolean {
    return state === 'running' || state === 'unready';
  }

  protected link({ app }: ContainerRow): string[] | undefined {
    return app && ['/apps', app.project, app.kind.toLowerCase(), app.name];
  }

  protected logs({ pod, name, project }: ContainerRow): void {
    this.#dock.open('logs', `${pod.metadata.name}/${name}`, { project, pod: pod.metadata.name, container: name });
  }

  protected shell({ pod, name, project }: ContainerRow): void {
    this.#dock.open('shell', `${pod.metadata.name}/${name}`, { project, pod: pod.metadata.name, container: name });
  }

  #key(code: string): boolean {
    const rows = this.table.rows();
    const index = rows.findIndex(({ key }) => key === this.active());
    const row = rows[index]?.row;
    const move = (to: number) => {
      this.active.set(rows[Math.min(Math.max(to, 0), rows.length - 1)]?.key);
      return true;
    };
    if (code === 'KeyJ' || code === 'ArrowDown') return move(index + 1);
    if (code === 'KeyK' || code === 'ArrowUp') return move(index - 1);
    if (!row) return false;
    if (code === 'KeyL') this.logs(row);
    else if (code === 'KeyS') this.shell(row);
    else if (code === 'KeyR') void this.actions.restart(row.pod, row.name);
    else if (code === 'KeyP')
      void (row.state === 'stopped' ? this.actions.start(row.pod, row.name) : this.actions.stop(row.pod, row.name));
    else if (code === 'Delete') void this.actions.delete(row.pod, row.app);
    else return false;
    return true;
  }
}

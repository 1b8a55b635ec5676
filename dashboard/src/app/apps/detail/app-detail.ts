/** One app: its tabs and verbs. */
import {
  ChangeDetectionStrategy,
  Component,
  type ElementRef,
  afterRenderEffect,
  computed,
  inject,
  input,
  linkedSignal,
  signal,
  viewChild,
} from '@angular/core';
import { RouterLink } from '@angular/router';
import { Cluster } from '../../cluster/cluster';
import { DockTabs } from '../../dock/dock-tabs';
import { YamlEditor } from '../../editor/yaml-editor';
import { FailureNote } from '../../errors/failure-note';
import { Language } from '../../i18n/language';
import type { MessageKey } from '../../i18n/message';
import { LogView } from '../../logs/log-view';
import { Preferences } from '../../shell/preferences';
import { ShellView } from '../../terminal/shell-view';
import { EmptyState } from '../../ui/empty-state';
import { Icon } from '../../ui/icon';
import { Skeleton } from '../../ui/skeleton';
import { StatusMark } from '../../ui/status-mark';
import { AppActions, canStop } from '../app-actions';
import { stateLooks } from '../app-state';
import { AppScaling } from './app-scaling';
import { AppStats } from './app-stats';
import { AppSummary } from './app-summary';

const tabs: readonly { readonly id: string; readonly label: MessageKey }[] = [
  { id: 'summary', label: 'detail.summary' },
  { id: 'logs', label: 'action.logs' },
  { id: 'shell', label: 'action.shell' },
  { id: 'stats', label: 'detail.stats' },
  { id: 'scaling', label: 'detail.scaling' },
  { id: 'yaml', label: 'detail.yaml' },
];

@Component({
  selector: 'naru-app-detail',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    AppScaling,
    AppStats,
    AppSummary,
    EmptyState,
    FailureNote,
    Icon,
    LogView,
    RouterLink,
    ShellView,
    Skeleton,
    StatusMark,
    YamlEditor,
  ],
  templateUrl: './app-detail.html',
  styleUrl: './app-detail.scss',
})
export class AppDetail {
  readonly project = input.required<string>();
  readonly kind = input.required<string>();
  readonly name = input.required<string>();
  readonly tab = input<string>();
  readonly instance = input<string>();

  private readonly tabList = viewChild<ElementRef<HTMLElement>>('tabList');
  readonly #dock = inject(DockTabs);
  protected readonly cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly preferences = inject(Preferences);
  protected readonly actions = inject(AppActions);
  protected readonly looks = stateLooks;
  protected readonly canStop = canStop;
  protected readonly tabs = tabs;
  protected readonly shown = computed(() => tabs.find(({ id }) => id === this.tab())?.id ?? 'summary');
  protected readonly app = computed(() =>
    this.cluster
      .allApps()
      .find(
        ({ project, kind, name }) =>
          project === this.project() && kind.toLowerCase() === this.kind() && name === this.name(),
      ),
  );
  protected readonly doing = computed(() => {
    const verb = this.actions.underWay().get(this.app()?.id ?? '');
    return verb && this.language.say(`doing.${verb}`);
  });
  protected readonly failure = computed(() => this.actions.failures().get(this.app()?.id ?? ''));
  protected readonly logTarget = computed(
    () => ({ project: this.project(), app: `${this.app()?.kind ?? ''}/${this.name()}` }),
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );
  protected readonly running = computed(
    () => this.app()?.pods.filter(({ status }) => status?.phase === 'Running') ?? [],
  );
  /** Where the shell is to be, by name; what is not there any more gives way to the first that is. */
  protected readonly shellPod = linkedSignal(() => this.instance() ?? '');
  protected readonly shellContainer = signal('');
  protected readonly shellContainers = computed(() => {
    const pod = this.running().find(({ metadata }) => metadata.name === this.shellTarget()?.pod);
    return pod?.spec.containers.map(({ name }) => name) ?? [];
  });
  protected readonly shellTarget = computed(
    () => {
      const running = this.running();
      const pod = running.find(({ metadata }) => metadata.name === this.shellPod()) ?? running[0];
      const containers = pod?.spec.containers ?? [];
      const container = (containers.find(({ name }) => name === this.shellContainer()) ?? containers[0])?.name;
      return pod && container ? { project: this.project(), pod: pod.metadata.name, container } : undefined;
    },
    { equal: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
  );

  constructor() {
    // Where the tabs do not fit, the one that is shown may be out of sight.
    afterRenderEffect(() => {
      this.shown();
      const active = this.tabList()?.nativeElement.querySelector('.active');
      active?.scrollIntoView({ block: 'nearest', inline: 'center' });
    });
  }

  protected toDock(kind: 'logs' | 'shell'): void {
    const shell = this.shellTarget();
    if (kind === 'logs') this.#dock.open('logs', this.name(), this.logTarget());
    else if (shell) this.#dock.open('shell', shell.pod, shell);
  }
}

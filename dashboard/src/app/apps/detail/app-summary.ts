/** What is to be known about an app at a glance: causes, instances, addresses, limits, events. */
import { ChangeDetectionStrategy, Component, computed, inject, input } from '@angular/core';
import { MatMenuModule } from '@angular/material/menu';
import { CauseNote } from '../../causes/cause-note';
import { podCause } from '../../causes/pod-cause';
import { LiveKinds } from '../../cluster/live-kinds';
import { TickingClock } from '../../cluster/ticking-clock';
import { PodActions } from '../../containers/pod-actions';
import { containerStateOf, stateLook } from '../../containers/container-state';
import { DockTabs } from '../../dock/dock-tabs';
import { Language } from '../../i18n/language';
import { type ClusterEvent, lastSeen } from '../../kinds/cluster-event';
import { type ContainerSpec, type Pod, isReady, restartsOf } from '../../kinds/pod';
import { formatBytes, formatCores, parseQuantity } from '../../kinds/quantity';
import { EventList } from '../../resources/event-list';
import { Age } from '../../ui/age';
import { CopyButton } from '../../ui/copy-button';
import { Icon } from '../../ui/icon';
import { StatusMark } from '../../ui/status-mark';
import type { App } from '../app';
import { internalAddresses, publicAddresses } from '../app-address';
import { AppRemedies } from '../app-remedies';

@Component({
  selector: 'naru-app-summary',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age, CauseNote, CopyButton, EventList, Icon, MatMenuModule, StatusMark],
  templateUrl: './app-summary.html',
  styleUrl: './app-summary.scss',
})
export class AppSummary {
  readonly app = input.required<App>();

  readonly #events = inject(LiveKinds).follow<ClusterEvent>('', 'events');
  readonly #clock = inject(TickingClock);
  readonly #dock = inject(DockTabs);
  protected readonly language = inject(Language);
  protected readonly remedies = inject(AppRemedies);
  protected readonly podActions = inject(PodActions);
  protected readonly isReady = isReady;
  protected readonly restartsOf = restartsOf;
  protected readonly publicAddresses = computed(() => publicAddresses(this.app().services, location.hostname));
  protected readonly internalAddresses = computed(() => internalAddresses(this.app()));
  protected readonly pods = computed(() =>
    [...this.app().pods].sort((a, b) =>
      (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''),
    ),
  );
  protected readonly events = computed(() => {
    const { project, name, pods, kind } = this.app();
    const names = new Set([name, ...pods.map(({ metadata }) => metadata.name)]);
    return this.#events
      .items()
      .filter(({ metadata, involvedObject }) => {
        const about = involvedObject?.name ?? '';
        const ofSet = involvedObject?.kind === 'ReplicaSet' && kind === 'Deployment' && about.startsWith(`${name}-`);
        return metadata.namespace === project && (names.has(about) || ofSet);
      })
      .sort((a, b) => lastSeen(b).localeCompare(lastSeen(a)))
      .slice(0, 20);
  });
  protected readonly containers = computed(() => this.app().workload.spec.template.spec.containers);

  /** What of a resource is kept for a container, and how much it may use. */
  protected share({ resources }: ContainerSpec, resource: 'cpu' | 'memory'): string {
    const read = (text: string | undefined) => {
      const amount = parseQuantity(text);
      return resource === 'cpu' ? formatCores(amount) : formatBytes(amount);
    };
    const { requests, limits } = resources ?? {};
    const reserved = requests?.[resource]
      ? this.language.say('detail.reserved', { amount: read(requests[resource]) })
      : this.language.say('detail.nothingReserved');
    const limit = limits?.[resource]
      ? this.language.say('detail.limit', { amount: read(limits[resource]) })
      : this.language.say('detail.noLimit');
    return `${reserved} · ${limit}`;
  }

  protected look(pod: Pod) {
    const cause = podCause(pod, this.#clock.now());
    const [first] = pod.spec.containers;
    const worst = pod.status?.containerStatuses?.find(({ ready }) => !ready)?.name ?? first?.name ?? '';
    const look = stateLook(isReady(pod) ? 'running' : containerStateOf(pod, worst));
    return { ...look, note: cause && this.language.sayMessage(cause.what) };
  }

  protected logs(pod: Pod): void {
    this.#dock.open('logs', pod.metadata.name, { project: this.app().project, pod: pod.metadata.name });
  }

  protected shell(pod: Pod): void {
    const container = pod.spec.containers[0]?.name;
    if (container)
      this.#dock.open('shell', pod.metadata.name, { project: this.app().project, pod: pod.metadata.name, container });
  }
}

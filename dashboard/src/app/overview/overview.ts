/** The first page: is anything wrong, how full is it, what changed, where are my apps. */
import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { AlertCard } from '../alerts/alert-card';
import { AlertStore } from '../alerts/alert-store';
import type { App } from '../apps/app';
import { publicAddresses } from '../apps/app-address';
import { AppRemedies } from '../apps/app-remedies';
import { stateLooks } from '../apps/app-state';
import { CauseNote } from '../causes/cause-note';
import { Cluster } from '../cluster/cluster';
import { LiveKinds } from '../cluster/live-kinds';
import { Language } from '../i18n/language';
import { type ClusterEvent, lastSeen } from '../kinds/cluster-event';
import { EventList } from '../resources/event-list';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { StatusMark } from '../ui/status-mark';
import { MachineMeters } from './machine-meters';

/** More would push the machines out of sight; all of them stand on their own page. */
const mostShown = 3;

@Component({
  selector: 'naru-overview',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [AlertCard, CauseNote, EmptyState, EventList, Icon, MachineMeters, RouterLink, Skeleton, StatusMark],
  templateUrl: './overview.html',
  styleUrl: './overview.scss',
})
export class Overview {
  protected readonly cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly alerts = inject(AlertStore);
  protected readonly remedies = inject(AppRemedies);
  protected readonly looks = stateLooks;
  readonly #events = inject(LiveKinds).follow<ClusterEvent>('', 'events');

  protected readonly problems = computed(() => this.cluster.apps().filter(({ cause }) => cause !== undefined));
  /** Alerts tell the same and more; causes are shown for the apps no alert speaks of. */
  protected readonly alertsHere = computed(() =>
    this.alerts.unacknowledged().filter((alert) => this.alerts.concerns(alert)),
  );
  protected readonly shownAlerts = computed(() => this.alertsHere().slice(0, mostShown));
  protected readonly quietProblems = computed(() => {
    const told = new Set(
      this.alerts.firing().map(({ metadata, spec }) => `${metadata.namespace ?? ''}/${spec.subject?.name ?? ''}`),
    );
    return this.problems().filter(({ project, name }) => !told.has(`${project}/${name}`));
  });
  protected readonly shownProblems = computed(() =>
    this.quietProblems().slice(0, mostShown - this.shownAlerts().length),
  );
  protected readonly tiles = computed(() =>
    [...this.cluster.apps()].sort(
      (a, b) => stateLooks[a.state].order - stateLooks[b.state].order || a.name.localeCompare(b.name),
    ),
  );
  protected readonly recent = computed(() =>
    this.#events
      .items()
      .filter(({ metadata }) => this.cluster.shows(metadata.namespace))
      .sort((a, b) => lastSeen(b).localeCompare(lastSeen(a)))
      .slice(0, 10),
  );

  protected address(app: App) {
    return publicAddresses(app.services, location.hostname)[0];
  }

  protected link(app: App): string[] {
    return ['/apps', app.project, app.kind.toLowerCase(), app.name];
  }
}

/** The alerts as the bell, the title and the pages see them. */
import { Injectable, computed, effect, inject } from '@angular/core';
import { Cluster } from '../cluster/cluster';
import { LiveKinds } from '../cluster/live-kinds';
import { TickingClock } from '../cluster/ticking-clock';
import { type Alert, byUrgency, isFiring, isSilenced } from './alert';

@Injectable({ providedIn: 'root' })
export class AlertStore {
  readonly #cluster = inject(Cluster);
  readonly #clock = inject(TickingClock);
  readonly #live = inject(LiveKinds).follow<Alert>('naru.dev', 'alerts');

  readonly all = this.#live.items;
  readonly loaded = this.#live.loaded;
  readonly firing = computed(() => this.all().filter(isFiring).sort(byUrgency));
  readonly past = computed(() =>
    this.all()
      .filter(({ status }) => status?.state === 'resolved')
      .sort((a, b) => (b.status?.resolvedAt ?? '').localeCompare(a.status?.resolvedAt ?? '')),
  );
  /** What the bell counts: firing, not acknowledged, not silenced. */
  readonly unacknowledged = computed(() =>
    this.firing().filter((alert) => !alert.status?.acknowledged && !isSilenced(alert, this.#clock.now())),
  );
  readonly worst = computed(() => this.unacknowledged()[0]?.spec.severity ?? 'info');

  /** Whether it belongs to the project chosen. Alerts about machines live in a project of the system's and concern everyone. */
  concerns({ metadata }: Alert): boolean {
    return metadata.namespace === 'kube-system' || this.#cluster.shows(metadata.namespace);
  }

  constructor() {
    effect(() => {
      const count = this.unacknowledged().length;
      document.title = count === 0 ? 'Naru' : `(${count}) Naru`;
    });
  }
}

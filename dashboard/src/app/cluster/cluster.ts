/** What most pages look at: apps, instances, machines, projects; narrowed to the project chosen. */
import { Injectable, computed, inject } from '@angular/core';
import { appsOf } from '../apps/app';
import type { Autoscaler } from '../kinds/autoscaler';
import type { Node } from '../kinds/node';
import type { Pod } from '../kinds/pod';
import type { Service } from '../kinds/service';
import type { Workload, WorkloadKind } from '../kinds/workload';
import { workloadPlurals } from '../kinds/workload';
import { Preferences } from '../shell/preferences';
import type { KubernetesObject } from './kubernetes-object';
import { LiveKinds } from './live-kinds';
import { TickingClock } from './ticking-clock';

const workloadKinds = Object.entries(workloadPlurals) as [WorkloadKind, string][];

@Injectable({ providedIn: 'root' })
export class Cluster {
  readonly #live = inject(LiveKinds);
  readonly #preferences = inject(Preferences);
  readonly #clock = inject(TickingClock);
  readonly #pods = this.#live.follow<Pod>('', 'pods');
  readonly #services = this.#live.follow<Service>('', 'services');
  readonly #autoscalers = this.#live.follow<Autoscaler>('autoscaling', 'horizontalpodautoscalers');
  readonly #namespaces = this.#live.follow<KubernetesObject>('', 'namespaces');
  readonly #workloads = workloadKinds.map(([kind, plural]) => ({
    kind,
    live: this.#live.follow<Workload>('apps', plural),
  }));

  readonly nodes = this.#live.follow<Node>('', 'nodes').items;
  /** Every app of every project. */
  readonly allApps = computed(() =>
    appsOf(
      {
        workloads: this.#workloads.flatMap(({ kind, live }) => live.items().map((workload) => ({ kind, workload }))),
        pods: this.#pods.items(),
        services: this.#services.items(),
        autoscalers: this.#autoscalers.items(),
      },
      this.#clock.now(),
    ),
  );
  readonly apps = computed(() => this.allApps().filter(({ project }) => this.shows(project)));
  readonly pods = computed(() => this.#pods.items().filter(({ metadata }) => this.shows(metadata.namespace)));
  readonly allPods = this.#pods.items;
  readonly services = computed(() => this.#services.items().filter(({ metadata }) => this.shows(metadata.namespace)));
  readonly projects = computed(() =>
    this.#namespaces
      .items()
      .map(({ metadata }) => metadata.name)
      .sort((a, b) => a.localeCompare(b)),
  );
  readonly loaded = computed(() => this.#pods.loaded() && this.#workloads.every(({ live }) => live.loaded()));

  /** Whether what is in this project is to be shown: in the one chosen, or in any that is not the system's. */
  shows(project: string | undefined): boolean {
    const chosen = this.#preferences.project();
    if (chosen !== '') return project === chosen;
    return project === undefined || !isSystemProject(project);
  }
}

/** Projects that Naru itself uses: shown when chosen, left out of "all". */
export function isSystemProject(project: string): boolean {
  return project.startsWith('kube-') || project === 'naru-system';
}

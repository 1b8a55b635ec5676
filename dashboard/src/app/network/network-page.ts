/** Addresses and who may use them. */
import { ChangeDetectionStrategy, Component, computed, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { Cluster } from '../cluster/cluster';
import { Discovery } from '../cluster/discovery';
import type { KubernetesObject } from '../cluster/kubernetes-object';
import { LiveKinds } from '../cluster/live-kinds';
import { Language } from '../i18n/language';
import type { Ingress, NetworkPolicy } from '../kinds/service';
import { CopyButton } from '../ui/copy-button';
import { EmptyState } from '../ui/empty-state';
import { FreezeRows } from '../ui/freeze-rows';
import { Icon } from '../ui/icon';
import { liveTable } from '../ui/live-table';
import { Skeleton } from '../ui/skeleton';
import { SortHeader } from '../ui/sort-header';
import { StatusMark } from '../ui/status-mark';
import { TableTools } from '../ui/table-tools';
import { AddressTest } from './address-test';
import { type Address, addressesOf } from './addresses';
import { type Access, accessOf } from './reachability';

@Component({
  selector: 'naru-network-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [
    AddressTest,
    CopyButton,
    EmptyState,
    FreezeRows,
    Icon,
    RouterLink,
    Skeleton,
    SortHeader,
    StatusMark,
    TableTools,
  ],
  templateUrl: './network-page.html',
  styleUrl: './network-page.scss',
})
export class NetworkPage {
  readonly view = input<string>();

  readonly #router = inject(Router);
  readonly #live = inject(LiveKinds);
  readonly #ingresses = this.#live.follow<Ingress>('networking.k8s.io', 'ingresses');
  readonly #policies = this.#live.follow<NetworkPolicy>('networking.k8s.io', 'networkpolicies');
  readonly #namespaces = this.#live.follow<KubernetesObject>('', 'namespaces');
  /** The address that is being tried. */
  protected readonly tested = signal<string | undefined>(undefined);
  protected readonly cluster = inject(Cluster);
  protected readonly language = inject(Language);
  protected readonly shown = computed(() => (this.view() === 'access' ? 'access' : 'addresses'));
  /** Without the kind there are no policies to tell of. */
  protected readonly hasPolicies = computed(() => this.#discovery.has('networking.k8s.io', 'networkpolicies'));
  readonly #discovery = inject(Discovery);

  protected readonly addresses = liveTable<Address>({
    rows: computed(() =>
      addressesOf(
        {
          services: this.cluster.services(),
          ingresses: this.#ingresses.items().filter(({ metadata }) => this.cluster.shows(metadata.namespace)),
          pods: this.cluster.pods(),
          apps: this.cluster.apps(),
        },
        location.hostname,
      ),
    ),
    key: ({ key }) => key,
    text: ({ text, project, apps, service }) => `${text} ${project} ${service} ${apps.join(' ')}`,
    columns: {
      address: ({ text }) => text,
      kind: ({ kind }) => kind,
      app: ({ apps }) => apps[0] ?? '',
      state: ({ problem, ready }) => (problem ? 0 : ready + 1),
    },
    firstSort: 'address',
  });
  protected readonly access = liveTable<Access>({
    rows: computed(() =>
      accessOf(this.cluster.allApps(), this.#policies.items(), this.#namespaces.items()).filter(({ project }) =>
        this.cluster.shows(project),
      ),
    ),
    key: ({ key }) => key,
    text: ({ app, project, from }) => `${app} ${project} ${from.join(' ')}`,
    columns: { app: ({ app }) => app, project: ({ project }) => project },
    firstSort: 'app',
  });

  protected show(view: string): void {
    const queryParams = { view: view === 'addresses' ? null : view, q: null, sort: null, page: null };
    void this.#router.navigate([], { queryParams, queryParamsHandling: 'merge' });
  }

  protected appLink(project: string, name: string): string[] | undefined {
    const app = this.cluster.allApps().find((candidate) => candidate.project === project && candidate.name === name);
    return app && ['/apps', project, app.kind.toLowerCase(), name];
  }
}

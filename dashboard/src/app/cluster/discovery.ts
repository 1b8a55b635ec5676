/** Which kinds the server has. */
import { Injectable, computed, inject, signal } from '@angular/core';
import { ApiClient } from './api-client';
import { type Failure, asFailure } from './failure';

export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

interface DiscoveredResource {
  readonly resource: string;
  readonly responseKind: { readonly group?: string; readonly version?: string; readonly kind: string };
  readonly scope: 'Namespaced' | 'Cluster';
  readonly verbs: readonly string[];
}

export interface DiscoveryList {
  readonly items?: readonly {
    readonly metadata: { readonly name?: string };
    readonly versions?: readonly { readonly version: string; readonly resources?: readonly DiscoveredResource[] }[];
  }[];
}

const aggregated = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json';

@Injectable({ providedIn: 'root' })
export class Discovery {
  readonly #api = inject(ApiClient);
  readonly #kinds = signal<readonly ResourceKind[]>([]);
  readonly #loaded = signal(false);
  readonly #failure = signal<Failure | undefined>(undefined);

  readonly kinds = this.#kinds.asReadonly();
  readonly loaded = this.#loaded.asReadonly();
  readonly failure = this.#failure.asReadonly();
  readonly #known = computed(() => new Set(this.#kinds().map((kind) => `${kind.group}/${kind.plural}`)));

  /** Whether the server has a kind, such as `apps` and `daemonsets`; reads a signal. */
  has(group: string, plural: string): boolean {
    return this.#known().has(`${group}/${plural}`);
  }

  async load(): Promise<void> {
    try {
      const lists = await Promise.all(
        ['/api', '/apis'].map((path) => this.#api.get<DiscoveryList>(path, { accept: aggregated })),
      );
      this.#kinds.set(lists.flatMap(kindsOf));
      this.#loaded.set(true);
      this.#failure.set(undefined);
    } catch (error) {
      this.#failure.set(asFailure(error));
    }
  }
}

/** The preferred version of each kind of a discovery document. */
export function kindsOf(list: DiscoveryList): ResourceKind[] {
  const kinds = new Map<string, ResourceKind>();
  for (const group of list.items ?? []) {
    const groupName = group.metadata.name ?? '';
    for (const { version, resources } of group.versions ?? []) {
      for (const { resource, responseKind, scope, verbs } of resources ?? []) {
        if (kinds.has(`${groupName}/${resource}`)) continue;
        kinds.set(`${groupName}/${resource}`, {
          group: groupName,
          version,
          plural: resource,
          kind: responseKind.kind,
          namespaced: scope === 'Namespaced',
          verbs,
        });
      }
    }
  }
  return [...kinds.values()];
}

/** The path of a kind's collection; of all namespaces when none is given. */
export function collectionPath(kind: Pick<ResourceKind, 'group' | 'version' | 'plural'>, namespace?: string): string {
  const base = kind.group === '' ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  return namespace ? `${base}/namespaces/${namespace}/${kind.plural}` : `${base}/${kind.plural}`;
}

/** The path of one object. */
export function objectPath(
  kind: Pick<ResourceKind, 'group' | 'version' | 'plural'>,
  namespace: string | undefined,
  name: string,
): string {
  return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

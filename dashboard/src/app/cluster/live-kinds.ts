/** The objects of a kind, live, as soon as discovery says that the server has the kind. */
import { Injectable, Injector, type Signal, computed, effect, inject, signal, untracked } from '@angular/core';
import { Discovery, collectionPath } from './discovery';
import type { KubernetesObject } from './kubernetes-object';
import type { ResourceCollection } from './resource-collection';
import { ResourceStore } from './resource-store';

export interface LiveKind<T extends KubernetesObject> {
  readonly items: Signal<readonly T[]>;
  /** Whether what the server has is there; also true when the server does not have the kind at all. */
  readonly loaded: Signal<boolean>;
}

@Injectable({ providedIn: 'root' })
export class LiveKinds {
  readonly #discovery = inject(Discovery);
  readonly #store = inject(ResourceStore);
  readonly #injector = inject(Injector);
  readonly #followed = new Map<string, LiveKind<KubernetesObject>>();

  /** Follows a kind for as long as the page is open: for the few kinds that most pages show. */
  follow<T extends KubernetesObject>(group: string, plural: string): LiveKind<T> {
    const key = `${group}/${plural}`;
    const followed = this.#followed.get(key) ?? this.#start(group, plural);
    this.#followed.set(key, followed);
    return followed as LiveKind<T>;
  }

  #start(group: string, plural: string): LiveKind<KubernetesObject> {
    const collection = signal<ResourceCollection<KubernetesObject> | undefined>(undefined);
    const open = effect(
      () => {
        const kind = this.#discovery.kinds().find((known) => known.group === group && known.plural === plural);
        if (!kind) return;
        untracked(() => collection.set(this.#store.open<KubernetesObject>({ path: collectionPath(kind) }).collection));
        open.destroy();
      },
      { injector: this.#injector, manualCleanup: true },
    );
    return {
      items: computed(() => collection()?.items() ?? []),
      loaded: computed(() => collection()?.loaded() ?? this.#discovery.loaded()),
    };
  }
}

/** The collections in use: one subscription each, however many views look at it. */
import { DestroyRef, Injectable, inject } from '@angular/core';
import type { KubernetesObject } from './kubernetes-object';
import { ResourceCollection } from './resource-collection';
import { Stream } from './stream';
import type { CollectionRequest, TableRow } from './stream-protocol';

interface Shared {
  readonly collection: ResourceCollection<KubernetesObject | TableRow>;
  users: number;
  leaving: ReturnType<typeof setTimeout> | undefined;
}

/** A collection is kept this long after its last view left: going back shows it at once. */
const lingerFor = 60_000;

@Injectable({ providedIn: 'root' })
export class ResourceStore {
  readonly #stream = inject(Stream);
  readonly #shared = new Map<string, Shared>();

  /** The collection, until `destroyed` (by default the one of the injection context) fires. */
  use<T extends KubernetesObject | TableRow>(
    request: CollectionRequest,
    destroyed: DestroyRef = inject(DestroyRef),
  ): ResourceCollection<T> {
    const { collection, release } = this.open<T>(request);
    destroyed.onDestroy(release);
    return collection;
  }

  /** The collection, until `release` is called. */
  open<T extends KubernetesObject | TableRow>(
    request: CollectionRequest,
  ): { readonly collection: ResourceCollection<T>; readonly release: () => void } {
    const key = JSON.stringify([request.path, request.as, request.labelSelector, request.fieldSelector]);
    const shared = this.#shared.get(key) ?? this.#start(key, request);
    shared.users++;
    clearTimeout(shared.leaving);
    let released = false;
    const release = () => {
      if (released) return;
      released = true;
      if (--shared.users === 0) shared.leaving = setTimeout(() => this.#stop(key, shared), lingerFor);
    };
    return { collection: shared.collection as unknown as ResourceCollection<T>, release };
  }

  #start(key: string, request: CollectionRequest): Shared {
    const shared = { collection: new ResourceCollection(this.#stream, request), users: 0, leaving: undefined };
    this.#shared.set(key, shared);
    return shared;
  }

  #stop(key: string, shared: Shared): void {
    if (shared.users > 0) return;
    shared.collection.stop();
    this.#shared.delete(key);
  }
}

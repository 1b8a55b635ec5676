/** List and watch of one collection as signals. */
import { type Signal, computed, signal } from '@angular/core';
import type { Status } from './failure';
import type { KubernetesObject } from './kubernetes-object';
import {
  type CollectionRequest,
  type CollectionState,
  type ColumnDefinition,
  type TableRow,
  afterMessage,
  emptyCollection,
} from './stream-protocol';
import type { Stream } from './stream';

export class ResourceCollection<T extends KubernetesObject | TableRow> {
  readonly #state = signal<CollectionState>(emptyCollection);
  readonly #stop: () => void;

  readonly items: Signal<readonly T[]> = computed(() => [...this.#state().items.values()] as unknown as readonly T[]);
  readonly columns: Signal<readonly ColumnDefinition[]> = computed(() => this.#state().columns);
  /** Whether the first snapshot is there. */
  readonly loaded = computed(() => this.#state().loaded);
  readonly error: Signal<Status | undefined> = computed(() => this.#state().error);

  constructor(stream: Stream, request: CollectionRequest) {
    this.#stop = stream.follow(request, (message) => this.#state.update((state) => afterMessage(state, message)));
  }

  stop(): void {
    this.#stop();
  }
}

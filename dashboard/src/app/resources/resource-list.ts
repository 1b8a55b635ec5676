/** The objects of any kind, in the columns the server gives it. */
import { ChangeDetectionStrategy, Component, DestroyRef, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ApiClient } from '../cluster/api-client';
import { Cluster } from '../cluster/cluster';
import { Discovery, collectionPath, objectPath } from '../cluster/discovery';
import { Failure, asFailure } from '../cluster/failure';
import type { ResourceCollection } from '../cluster/resource-collection';
import { ResourceStore } from '../cluster/resource-store';
import type { TableRow } from '../cluster/stream-protocol';
import { FailureNote } from '../errors/failure-note';
import { Language } from '../i18n/language';
import { message } from '../i18n/message';
import { asksForName } from '../kinds/deletion-rule';
import { plainKindName } from '../kinds/plain-names';
import { Preferences } from '../shell/preferences';
import { Age } from '../ui/age';
import { Ask } from '../ui/ask';
import { EmptyState } from '../ui/empty-state';
import { FreezeRows } from '../ui/freeze-rows';
import { Icon } from '../ui/icon';
import { liveTable } from '../ui/live-table';
import { Notices } from '../ui/notices';
import { Skeleton } from '../ui/skeleton';
import { SortHeader } from '../ui/sort-header';
import { TableTools } from '../ui/table-tools';

@Component({
  selector: 'naru-resource-list',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age, EmptyState, FailureNote, FreezeRows, Icon, RouterLink, Skeleton, SortHeader, TableTools],
  templateUrl: './resource-list.html',
})
export class ResourceList {
  readonly group = input.required<string>();
  readonly version = input.required<string>();
  readonly plural = input.required<string>();

  readonly #api = inject(ApiClient);
  readonly #ask = inject(Ask);
  readonly #notices = inject(Notices);
  readonly #store = inject(ResourceStore);
  readonly #discovery = inject(Discovery);
  readonly #preferences = inject(Preferences);
  readonly #cluster = inject(Cluster);
  protected readonly language = inject(Language);

  protected readonly kind = computed(() => {
    const group = this.group() === 'core' ? '' : this.group();
    return this.#discovery.kinds().find((kind) => kind.group === group && kind.plural === this.plural());
  });
  protected readonly title = computed(() => {
    const kind = this.kind();
    const plain = kind && plainKindName(kind);
    return plain ? this.language.say(plain) : (kind?.kind ?? this.plural());
  });
  protected readonly collection = signal<ResourceCollection<TableRow> | undefined>(undefined);
  protected readonly failure = computed(() => {
    const error = this.collection()?.error();
    return error && new Failure(error);
  });
  /** What the server marks as important, without name and age, which every kind has. */
  protected readonly columns = computed(() =>
    (this.collection()?.columns() ?? [])
      .map((column, index) => ({ ...column, index }))
      .filter(({ name, priority = 0 }) => priority === 0 && name !== 'Name' && name !== 'Age'),
  );
  /** What belongs to no project is shown whichever is chosen. */
  readonly #rows = computed(() =>
    (this.collection()?.items() ?? []).filter(
      ({ object: { metadata } }) => metadata.namespace === undefined || this.#cluster.shows(metadata.namespace),
    ),
  );
  protected readonly table = liveTable<TableRow>({
    rows: this.#rows,
    key: ({ object }) => object.metadata.uid || `${object.metadata.namespace ?? ''}/${object.metadata.name}`,
    text: ({ object, cells }) => `${object.metadata.namespace ?? ''} ${cells.map(String).join(' ')}`,
    columns: {
      name: ({ object }) => object.metadata.name,
      project: ({ object }) => object.metadata.namespace ?? '',
      age: ({ object }) => -Date.parse(object.metadata.creationTimestamp ?? ''),
      ...Object.fromEntries(
        Array.from({ length: 12 }, (_, index) => [`c${index}`, ({ cells }: TableRow) => sortable(cells[index])]),
      ),
    },
    firstSort: 'name',
  });

  constructor() {
    let release = () => {};
    effect(() => {
      const kind = this.kind();
      if (!kind) return;
      release();
      const project = kind.namespaced ? this.#preferences.project() : '';
      const opened = this.#store.open<TableRow>({ path: collectionPath(kind, project || undefined), as: 'table' });
      release = opened.release;
      this.collection.set(opened.collection);
    });
    inject(DestroyRef).onDestroy(() => release());
  }

  protected link({ object }: TableRow): string[] {
    const { namespace = '-', name } = object.metadata;
    return ['/resources', this.group(), this.version(), this.plural(), namespace, name];
  }

  protected async delete({ object }: TableRow): Promise<void> {
    const kind = this.kind();
    const { namespace, name } = object.metadata;
    if (!kind) return;
    const answer = await this.#ask.confirm({
      title: message('confirm.deleteObject', { kind: kind.kind, name }),
      text: message('confirm.deleteObjectText'),
      confirm: message('action.delete'),
      ...(asksForName(kind) ? { typed: name } : {}),
    });
    if (!answer) return;
    try {
      await this.#api.delete(objectPath(kind, namespace, name), {
        kind: 'DeleteOptions',
        apiVersion: 'v1',
        propagationPolicy: 'Background',
      });
    } catch (error) {
      this.#notices.show({ message: message('confirm.notDeleted', { name }), failure: asFailure(error) });
    }
  }
}

function sortable(cell: unknown): string | number {
  return typeof cell === 'number' ? cell : String(cell ?? '');
}

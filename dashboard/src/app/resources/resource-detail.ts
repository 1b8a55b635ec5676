/** One object of any kind: its YAML, its owners and its events. */
import { ChangeDetectionStrategy, Component, DestroyRef, computed, effect, inject, input, signal } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Discovery, collectionPath, objectPath } from '../cluster/discovery';
import type { KubernetesObject } from '../cluster/kubernetes-object';
import { LiveKinds } from '../cluster/live-kinds';
import type { ResourceCollection } from '../cluster/resource-collection';
import { ResourceStore } from '../cluster/resource-store';
import { YamlEditor } from '../editor/yaml-editor';
import { Language } from '../i18n/language';
import { type ClusterEvent, lastSeen } from '../kinds/cluster-event';
import { Age } from '../ui/age';
import { EmptyState } from '../ui/empty-state';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';
import { EventList } from './event-list';

@Component({
  selector: 'naru-resource-detail',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Age, EmptyState, EventList, Icon, RouterLink, Skeleton, YamlEditor],
  template: `
    <div class="page">
      <div class="page-head">
        <a
          class="icon-button"
          [routerLink]="['/resources', group(), version(), plural()]"
          [attr.aria-label]="language.say('action.back')"
          ><naru-icon name="chevronLeft"
        /></a>
        <h1>{{ name() }}</h1>
        <span class="muted">{{ project() === '-' ? '' : project() }}</span>
        <span class="chip mono">{{ kind()?.kind }}</span>
        @if (object()?.metadata?.creationTimestamp; as created) {
          <span class="small muted"><naru-age [time]="created" /></span>
        }
      </div>
      @if (object(); as object) {
        @if (object.metadata.ownerReferences?.length) {
          <p class="small muted">
            {{ language.say('resources.ownedBy') }}:
            @for (owner of object.metadata.ownerReferences; track owner.uid) {
              <span class="chip">{{ owner.kind }} {{ owner.name }}</span>
            }
          </p>
        }
        @defer {
          <naru-yaml-editor [object]="object" [path]="path()" />
        } @placeholder {
          <naru-skeleton />
        }
        @if (events().length) {
          <section class="card">
            <div class="card-head">
              <h2>{{ language.say('detail.events') }}</h2>
            </div>
            <naru-event-list [events]="events()" />
          </section>
        }
      } @else if (collection()?.loaded()) {
        <div class="card">
          <naru-empty-state icon="resources" [title]="language.say('detail.gone', { name: name() })" />
        </div>
      } @else {
        <div class="card"><naru-skeleton /></div>
      }
    </div>
  `,
})
export class ResourceDetail {
  readonly group = input.required<string>();
  readonly version = input.required<string>();
  readonly plural = input.required<string>();
  readonly project = input.required<string>();
  readonly name = input.required<string>();

  readonly #store = inject(ResourceStore);
  readonly #discovery = inject(Discovery);
  readonly #events = inject(LiveKinds).follow<ClusterEvent>('', 'events');
  protected readonly language = inject(Language);
  protected readonly kind = computed(() => {
    const group = this.group() === 'core' ? '' : this.group();
    return this.#discovery.kinds().find((kind) => kind.group === group && kind.plural === this.plural());
  });
  readonly #namespace = computed(() => (this.project() === '-' ? undefined : this.project()));
  protected readonly collection = signal<ResourceCollection<KubernetesObject> | undefined>(undefined);
  protected readonly object = computed(() =>
    this.collection()
      ?.items()
      .find(({ metadata }) => metadata.name === this.name()),
  );
  protected readonly path = computed(() => {
    const kind = this.kind();
    return kind ? objectPath(kind, this.#namespace(), this.name()) : '';
  });
  protected readonly events = computed(() =>
    this.#events
      .items()
      .filter(({ involvedObject }) => involvedObject?.name === this.name() && involvedObject.kind === this.kind()?.kind)
      .filter(({ involvedObject }) => (involvedObject?.namespace ?? '') === (this.#namespace() ?? ''))
      .sort((a, b) => lastSeen(b).localeCompare(lastSeen(a)))
      .slice(0, 20),
  );

  constructor() {
    let release = () => {};
    effect(() => {
      const kind = this.kind();
      if (!kind) return;
      release();
      const opened = this.#store.open<KubernetesObject>({
        path: collectionPath(kind, this.#namespace()),
        fieldSelector: `metadata.name=${this.name()}`,
      });
      release = opened.release;
      this.collection.set(opened.collection);
    });
    inject(DestroyRef).onDestroy(() => release());
  }
}

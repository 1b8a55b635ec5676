/** Follows Services and EndpointSlices into the table; tells listeners what each service has on this node. */
import { keyOf } from '@naru/api/client/object-cache';
import type { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import type { EndpointSlice, Service } from './api-objects.ts';
import { serviceKeyOf } from './api-objects.ts';
import type { NftTable } from './nftables/apply.ts';
import type { NodePlace } from './nftables/endpoints.ts';
import type { ServiceRules } from './nftables/services.ts';
import { serviceRules } from './nftables/services.ts';
import { cutFlows, staleFlows } from './nftables/stale-connections.ts';
import type { RunCommand } from './run-command.ts';

export interface ServeServicesOptions {
  services: Informer<Service>;
  slices: Informer<EndpointSlice>;
  table: NftTable;
  clock: Clock;
  run: RunCommand;
  place: NodePlace;
  /** Called after a service's rules changed; undefined: it has none any more. */
  onServed(key: string, service: Service | undefined, rules: ServiceRules | undefined): void;
}

/** A change alone goes through at once; a storm of them is gathered for so long. */
const pause = 50;

const podsOf = ({ endpoints }: EndpointSlice): string[] =>
  (endpoints ?? []).flatMap(({ targetRef }) => targetRef?.uid ?? []);

export class ServedServices {
  readonly #options: ServeServicesOptions;
  readonly #rules = new Map<string, ServiceRules>();
  readonly #dirty = new Set<string>();
  readonly #leaving = new Map<string, 'ending' | 'gone'>();
  #place: NodePlace;
  #started = false;
  #resting = false;

  constructor(options: ServeServicesOptions) {
    this.#options = options;
    this.#place = options.place;
    const { services, slices } = options;
    slices.addIndex('service', (slice) => [serviceKeyOf(slice) ?? '']);
    slices.addIndex('pod', podsOf);
    const serviceChanged = (service: Service) => this.#mark(keyOf(service));
    const sliceChanged = (slice: EndpointSlice) => this.#mark(serviceKeyOf(slice));
    services.listen({ add: serviceChanged, update: serviceChanged, delete: serviceChanged });
    slices.listen({
      add: sliceChanged,
      delete: (slice) => {
        sliceChanged(slice);
        this.#forgetLeft();
      },
      update: (slice, old) => {
        sliceChanged(slice);
        sliceChanged(old); // its label may have named another service
        this.#forgetLeft();
      },
    });
  }

  /** Begins to write rules. To be called when both informers are synced, or services would be taken for gone. */
  start(): void {
    this.#started = true;
    this.#flush();
  }

  /**
   * Sends new connections past a pod of this node that ends, or is gone, without waiting until the API server tells so.
   * Resolves when the kernel does.
   */
  async leave(uid: string, how: 'ending' | 'gone'): Promise<void> {
    const { slices, table } = this.#options;
    const held = slices.byIndex('pod', uid);
    if (held.length === 0) return;
    this.#leaving.set(uid, how);
    for (const slice of held) this.#mark(serviceKeyOf(slice));
    if (!this.#started) return;
    this.#flush();
    await table.applied();
  }

  #forgetLeft(): void {
    for (const uid of this.#leaving.keys())
      if (this.#options.slices.byIndex('pod', uid).length === 0) this.#leaving.delete(uid);
  }

  /** The node's zone decides which endpoints are near. */
  setPlace(place: NodePlace): void {
    if (place.zone === this.#place.zone && place.nodeName === this.#place.nodeName) return;
    this.#place = place;
    for (const service of this.#options.services.list()) this.#mark(keyOf(service));
  }

  #mark(key: string | undefined): void {
    if (key === undefined) return;
    this.#dirty.add(key);
    if (this.#started && !this.#resting) this.#rest(0);
  }

  #rest(milliseconds: number): void {
    this.#resting = true;
    const wake = () => {
      this.#resting = false;
      if (this.#dirty.size === 0) return;
      this.#flush();
      this.#rest(pause);
    };
    // Events that came in one read of the watch are told one after another: they belong together.
    if (milliseconds === 0) setImmediate(wake);
    else this.#options.clock.after(milliseconds, wake);
  }

  #flush(): void {
    const stale = [...this.#dirty].flatMap((key) => this.#update(key));
    this.#dirty.clear();
    if (stale.length === 0) return;
    const { table, run } = this.#options;
    // Before the new rules stand, the next packet would make the same flow again.
    table.applied().then(
      () => cutFlows(run, stale),
      () => {}, // told by the table
    );
  }

  #update(key: string) {
    const { services, slices, table, onServed } = this.#options;
    const service = services.get(key);
    const before = this.#rules.get(key);
    const rules = service && serviceRules(service, slices.byIndex('service', key), this.#place, this.#leaving);
    const isServed = rules !== undefined && rules.ports.length > 0;
    if (isServed) this.#rules.set(key, rules);
    else this.#rules.delete(key);
    if (!isServed && !before) return [];
    table.put(`service/${key}`, isServed ? rules.fragment : undefined);
    onServed(key, service, isServed ? rules : undefined);
    return staleFlows(before?.ports ?? [], isServed ? rules.ports : []);
  }
}

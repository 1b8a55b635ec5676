/** Which cluster addresses and node ports are taken: by the services that are stored, and by writes on their way. */
import type { AnyObject } from '@naru/api/object';
import type { V1Service } from '@kubernetes/client-node';
import { fieldsOf } from '../../kinds/fields.ts';
import { registryRoot, type WatchCache } from '../../watch/watch-cache.ts';

export const servicesPrefix = 'services/specs';
const managedBy = 'ipaddress.kubernetes.io/managed-by';
const allocator = 'ipallocator.k8s.io';

/** The numbers one service holds. */
export interface Held {
  readonly addresses: readonly string[];
  readonly ports: readonly number[];
}

export function heldBy(object: AnyObject | undefined): Held {
  if (!object) return { addresses: [], ports: [] };
  const { clusterIPs = [], ports = [], healthCheckNodePort } = fieldsOf<V1Service>(object).spec ?? {};
  const nodePorts = [...ports.map(({ nodePort = 0 }) => nodePort), healthCheckNodePort ?? 0];
  return {
    addresses: clusterIPs.filter((address) => address !== 'None' && address !== ''),
    ports: [...new Set(nodePorts.filter((port) => port !== 0))],
  };
}

class Tally<T> {
  readonly #counts = new Map<T, number>();

  has(value: T): boolean {
    return this.#counts.has(value);
  }

  add(value: T): void {
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  take(value: T): void {
    const left = (this.#counts.get(value) ?? 0) - 1;
    if (left > 0) this.#counts.set(value, left);
    else this.#counts.delete(value);
  }
}

export class TakenByServices {
  readonly #addresses = new Tally<string>();
  readonly #ports = new Tally<number>();
  readonly #cache: WatchCache;
  readonly #stop: () => void;

  /** Follows the stored services from now on. */
  constructor(cache: WatchCache) {
    this.#cache = cache;
    const prefix = `${registryRoot}${servicesPrefix}/`;
    const { initial, stop } = cache.resource(servicesPrefix).watch({ prefix, identity: prefix }, 'state', (event) => {
      if (event.type !== 'DELETED') this.hold(heldBy(event.stored.object));
      if (event.previous) this.release(heldBy(event.previous.object));
    });
    for (const { stored } of initial) this.hold(heldBy(stored.object));
    this.#stop = stop;
  }

  stop(): void {
    this.#stop();
  }

  hasAddress(address: string): boolean {
    return this.#addresses.has(address) || this.#isSetAside(address);
  }

  /** Somebody wrote an IPAddress for it; those that are made for services follow the services. */
  #isSetAside(address: string): boolean {
    const stored = this.#cache.resource('ipaddresses').get(`${registryRoot}ipaddresses/${address}`);
    return !!stored && stored.object.metadata.labels?.[managedBy] !== allocator;
  }

  hasPort(port: number): boolean {
    return this.#ports.has(port);
  }

  hold({ addresses, ports }: Held): void {
    addresses.forEach((address) => this.#addresses.add(address));
    ports.forEach((port) => this.#ports.add(port));
  }

  release({ addresses, ports }: Held): void {
    addresses.forEach((address) => this.#addresses.take(address));
    ports.forEach((port) => this.#ports.take(port));
  }
}

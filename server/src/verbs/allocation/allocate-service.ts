/** Gives a Service its cluster address and node ports, before it is written. */
// Like pkg/registry/core/service/storage alloc.go.
import type { V1Service } from '@kubernetes/client-node';
import { addressNumber, formatAddress, parseCIDR, type IPFamily } from '@naru/api/ip-addresses';
import type { AnyObject } from '@naru/api/object';
import { invalid, type FieldError } from '@naru/api/status';
import { fieldsOf } from '../../kinds/fields.ts';
import {
  isHeadless,
  needsClusterIP,
  needsHealthCheckPort,
  needsNodePorts,
  type ServicePort,
  type ServiceSpec,
} from '../../kinds/core/service/allocated-values.ts';
import { pickFree, reservedAddresses, reservedPorts } from './number-pool.ts';
import { heldBy, type Held, type TakenByServices } from './taken-by-services.ts';

export interface ServiceRanges {
  /** `10.96.0.0/16`. */
  readonly clusterIpRange: string;
  readonly nodePorts: { readonly low: number; readonly high: number };
}

export interface ServiceAllocatorOptions {
  readonly ranges: ServiceRanges;
  readonly taken: TakenByServices;
  readonly below: (limit: number) => number;
}

const nothing: Held = { addresses: [], ports: [] };

export class ServiceAllocator {
  readonly #taken: TakenByServices;
  readonly #below: (limit: number) => number;
  readonly #range: string;
  readonly #first: bigint;
  readonly #hosts: number;
  readonly #family: IPFamily;
  readonly #ports: ServiceRanges['nodePorts'];

  constructor({ ranges, taken, below }: ServiceAllocatorOptions) {
    const network = parseCIDR(ranges.clusterIpRange);
    if (!network) throw new Error(`${ranges.clusterIpRange} is no network`);
    const free = (network.family === 'IPv4' ? 32 : 128) - network.bits;
    this.#range = ranges.clusterIpRange;
    this.#family = network.family;
    this.#first = ((addressNumber(network.address) >> BigInt(free)) << BigInt(free)) + 1n;
    // Neither the network's own address nor, in IPv4, the broadcast address.
    this.#hosts = Math.min(2 ** free - (network.family === 'IPv4' ? 2 : 1), 2 ** 31);
    this.#ports = ranges.nodePorts;
    this.#taken = taken;
    this.#below = below;
  }

  /** As `10.96.0.0/16`. */
  get range(): string {
    return this.#range;
  }

  /** The address of the `kubernetes` Service: the first of the range. */
  get firstAddress(): string {
    return formatAddress(this.#first, this.#family);
  }

  /**
   * Fills in what the service needs; changes `object`. Returns the function to call once the write is done, or is not.
   * Throws 422 when an address or port that is asked for cannot be had.
   */
  reserve(object: AnyObject, old: AnyObject | undefined): () => void {
    const service = fieldsOf<V1Service>(object);
    const spec = (service.spec ??= {});
    const before = old ? heldBy(old) : nothing;
    const errors = [
      ...familyErrors(spec, this.#family),
      ...this.#addressErrors(spec, before),
      ...this.#portErrors(spec, before),
    ];
    if (errors.length) throw invalid({ group: '', kind: 'Service' }, object.metadata.name ?? '', errors);
    const now = heldBy(object);
    const fresh: Held = {
      addresses: now.addresses.filter((address) => !before.addresses.includes(address)),
      ports: now.ports.filter((port) => !before.ports.includes(port)),
    };
    this.#taken.hold(fresh);
    return () => this.#taken.release(fresh);
  }

  #addressErrors(spec: ServiceSpec, before: Held): FieldError[] {
    if (!needsClusterIP(spec) || isHeadless(spec)) return [];
    const [asked] = spec.clusterIPs ?? [];
    if (asked && before.addresses.includes(asked)) return [];
    const field = 'spec.clusterIPs';
    if (asked) {
      const problem = this.#addressProblem(asked);
      if (!problem) return [];
      const shown = JSON.stringify(spec.clusterIPs);
      return [
        {
          field,
          reason: 'FieldValueInvalid',
          message: `Invalid value: ${shown}: failed to allocate IP ${asked}: ${problem}`,
        },
      ];
    }
    const address = this.#freeAddress();
    if (!address)
      return [
        { field, reason: 'InternalError', message: 'Internal error: failed to allocate a serviceIP: range is full' },
      ];
    spec.clusterIP = address;
    spec.clusterIPs = [address];
    return [];
  }

  #addressProblem(address: string): string | undefined {
    const offset = addressNumber(address) - this.#first;
    if (offset < 0n || offset >= BigInt(this.#hosts)) {
      return `the provided IP (${address}) is not in the valid range. The range of valid IPs is ${this.#range}`;
    }
    return this.#taken.hasAddress(address) ? 'provided IP is already allocated' : undefined;
  }

  #freeAddress(): string | undefined {
    const addressAt = (offset: number) => formatAddress(this.#first + BigInt(offset), this.#family);
    const offset = pickFree({
      size: this.#hosts,
      reserved: reservedAddresses(this.#hosts),
      below: this.#below,
      isTaken: (candidate) => this.#taken.hasAddress(addressAt(candidate)),
    });
    return offset === undefined ? undefined : addressAt(offset);
  }

  #portErrors(spec: ServiceSpec, before: Held): FieldError[] {
    const errors: FieldError[] = [];
    const chosen = new Set<number>();
    const isTaken = (port: number) => chosen.has(port) || (this.#taken.hasPort(port) && !before.ports.includes(port));
    if (needsNodePorts(spec)) errors.push(...this.#nodePortErrors(spec.ports ?? [], chosen, isTaken));
    if (needsHealthCheckPort(spec)) errors.push(...this.#healthPortErrors(spec, isTaken));
    return errors;
  }

  #nodePortErrors(
    ports: readonly ServicePort[],
    chosen: Set<number>,
    isTaken: (port: number) => boolean,
  ): FieldError[] {
    const errors: FieldError[] = [];
    /** The same port over another protocol shares the node port. */
    const byPort = new Map<number, number>();
    ports.forEach((port, index) => {
      const field = `spec.ports[${index}].nodePort`;
      const shared = byPort.get(port.port ?? 0);
      if (!port.nodePort) port.nodePort = shared ?? this.#freePort(isTaken) ?? 0;
      if (port.nodePort !== shared) errors.push(...this.#askedPortErrors(port.nodePort, field, isTaken));
      chosen.add(port.nodePort);
      if (!byPort.has(port.port ?? 0)) byPort.set(port.port ?? 0, port.nodePort);
    });
    return errors;
  }

  #healthPortErrors(spec: ServiceSpec, isTaken: (port: number) => boolean): FieldError[] {
    const field = 'spec.healthCheckNodePort';
    if (!spec.healthCheckNodePort) spec.healthCheckNodePort = this.#freePort(isTaken) ?? 0;
    return this.#askedPortErrors(spec.healthCheckNodePort, field, isTaken);
  }

  #askedPortErrors(port: number, field: string, isTaken: (port: number) => boolean): FieldError[] {
    const { low, high } = this.#ports;
    if (port === 0)
      return [
        { field, reason: 'InternalError', message: 'Internal error: failed to allocate a nodePort: range is full' },
      ];
    const refuse = (why: string): FieldError[] => [
      { field, reason: 'FieldValueInvalid', message: `Invalid value: ${port}: ${why}` },
    ];
    if (port < low || port > high)
      return refuse(`provided port is not in the valid range. The range of valid ports is ${low}-${high}`);
    return isTaken(port) ? refuse('provided port is already allocated') : [];
  }

  #freePort(isTaken: (port: number) => boolean): number | undefined {
    const { low, high } = this.#ports;
    const size = high - low + 1;
    const reserved = reservedPorts(size);
    const offset = pickFree({ size, reserved, below: this.#below, isTaken: (candidate) => isTaken(low + candidate) });
    return offset === undefined ? undefined : low + offset;
  }
}

/** With one range there is one family. Fills in what the writer left open. */
function familyErrors(spec: ServiceSpec, family: IPFamily): FieldError[] {
  if (!needsClusterIP(spec)) return [];
  const several = (spec.ipFamilies?.length ?? 0) > 1 || (spec.clusterIPs?.length ?? 0) > 1;
  const refuse = (field: string, value: string | undefined, why: string): FieldError[] => [
    { field, reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(value)}: ${why}` },
  ];
  const { ipFamilyPolicy: policy } = spec;
  if (policy === 'SingleStack' && several) {
    const why = "must be 'RequireDualStack' or 'PreferDualStack' when multiple IP families are specified";
    return refuse('spec.ipFamilyPolicy', policy, why);
  }
  const isOther = (given: string) => given !== family && (given === 'IPv4' || given === 'IPv6');
  const foreign = spec.ipFamilies?.findIndex(isOther) ?? -1;
  if (foreign >= 0 && !several)
    return refuse(`spec.ipFamilies[${foreign}]`, spec.ipFamilies![foreign], 'not configured on this cluster');
  if (policy === 'RequireDualStack')
    return refuse('spec.ipFamilyPolicy', policy, 'this cluster is not configured for dual-stack services');
  spec.ipFamilyPolicy ??= 'SingleStack';
  if (!spec.ipFamilies?.length) spec.ipFamilies = [family];
  return [];
}

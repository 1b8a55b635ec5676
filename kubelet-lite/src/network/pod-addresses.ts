/** Picks pod addresses from the node's pod CIDR, going round so that an address rests as long as possible before it is used again. */

/** IPv4 address as a number, or undefined when it is none. */
export function parseIPv4(address: string): number | undefined {
  if (address.length > 15) return undefined;
  const parts = address.split('.');
  if (parts.length !== 4) return undefined;
  let number = 0;
  for (const part of parts) {
    if (part.length === 0 || part.length > 3 || (part.length > 1 && part.startsWith('0'))) return undefined;
    for (const digit of part) if (digit < '0' || digit > '9') return undefined;
    const byte = Number(part);
    if (byte > 255) return undefined;
    number = number * 256 + byte;
  }
  return number;
}

export const formatIPv4 = (number: number): string =>
  [number >>> 24, (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');

export interface Cidr {
  /** First address, as a number. */
  first: number;
  size: number;
  prefix: number;
}

/** An IPv4 CIDR, or undefined when it is none. Host bits are cleared. */
export function parseCidr(text: string): Cidr | undefined {
  const slash = text.indexOf('/');
  const address = parseIPv4(slash < 0 ? text : text.slice(0, slash));
  const prefixText = slash < 0 ? '32' : text.slice(slash + 1);
  if (address === undefined || prefixText.length > 2 || !/^\d+$/.test(prefixText)) return undefined;
  const prefix = Number(prefixText);
  if (prefix > 32) return undefined;
  const size = 2 ** (32 - prefix);
  return { first: address - (address % size), size, prefix };
}

export const formatCidr = ({ first, prefix }: Cidr): string => `${formatIPv4(first)}/${prefix}`;

export const contains = (cidr: Cidr, address: number): boolean =>
  address >= cidr.first && address < cidr.first + cidr.size;

/** The addresses of one node's pods. The network address, the first one (a bridge's, elsewhere) and the last one are never given out. */
export class PodAddresses {
  readonly #cidr: Cidr;
  readonly #owners = new Map<number, string>();
  readonly #addresses = new Map<string, number>();
  #last: number;

  constructor(podCidr: string) {
    const cidr = parseCidr(podCidr);
    if (!cidr || cidr.prefix > 30) throw new Error(`pod CIDR "${podCidr}" is not an IPv4 network with room for pods`);
    this.#cidr = cidr;
    this.#last = cidr.first + 1;
  }

  /** The address of `uid`: the one it has, or the next free one. Throws when none is free. */
  pick(uid: string): string {
    const known = this.#addresses.get(uid);
    if (known !== undefined) return formatIPv4(known);
    const { first, size } = this.#cidr;
    const usable = size - 3;
    const start = this.#last - first - 2;
    for (let step = 1; step <= usable; step++) {
      const candidate = first + 2 + ((start + step + usable) % usable);
      if (this.#owners.has(candidate)) continue;
      this.#take(uid, candidate);
      this.#last = candidate;
      return formatIPv4(candidate);
    }
    throw new Error(`no free address in pod CIDR ${formatCidr(this.#cidr)}`);
  }

  /** Says that `uid` has `address` already. False when it lies outside the CIDR or belongs to another pod. */
  claim(uid: string, address: string): boolean {
    const number = parseIPv4(address);
    if (number === undefined || !contains(this.#cidr, number)) return false;
    const owner = this.#owners.get(number);
    if (owner !== undefined && owner !== uid) return false;
    this.release(uid);
    this.#take(uid, number);
    this.#last = Math.max(this.#last, number); // an agent that starts anew goes on after the addresses it finds
    return true;
  }

  release(uid: string): void {
    const address = this.#addresses.get(uid);
    if (address === undefined) return;
    this.#addresses.delete(uid);
    this.#owners.delete(address);
  }

  of(uid: string): string | undefined {
    const address = this.#addresses.get(uid);
    return address === undefined ? undefined : formatIPv4(address);
  }

  #take(uid: string, address: number): void {
    this.#owners.set(address, uid);
    this.#addresses.set(uid, address);
  }
}

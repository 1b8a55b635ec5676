/** The ranges of addresses that nodes' pods get, cut from one range of the cluster. Pure, IPv4. */

export interface CidrPool {
  /** Marks a range as taken; one from elsewhere is not ours to mark. */
  occupy(cidr: string): void;
  release(cidr: string): void;
  /** The next free range; goes around before it gives one again. Undefined when all are taken. */
  next(): string | undefined;
}

const toNumber = (address: string): number =>
  address.split('.').reduce((number, part) => number * 256 + Number(part), 0);

const toAddress = (number: number): string =>
  [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');

/** `range` as 10.244.0.0/16; each node's range has a prefix of `maskSize` bits. */
export function cidrPool(range: string, maskSize: number): CidrPool {
  const [address = '', prefix = ''] = range.split('/');
  const size = 2 ** (32 - maskSize);
  const count = 2 ** Math.max(0, maskSize - Number(prefix));
  const base = toNumber(address);
  const taken = new Set<number>();
  let last = -1;
  const indexOf = (cidr: string): number | undefined => {
    const [start = '', bits = ''] = cidr.split('/');
    const index = (toNumber(start) - base) / size;
    return Number(bits) === maskSize && Number.isInteger(index) && index >= 0 && index < count ? index : undefined;
  };
  return {
    occupy(cidr) {
      const index = indexOf(cidr);
      if (index !== undefined) taken.add(index);
    },
    release(cidr) {
      const index = indexOf(cidr);
      if (index !== undefined) taken.delete(index);
    },
    next() {
      for (let step = 1; step <= count; step++) {
        const index = (last + step) % count;
        if (taken.has(index)) continue;
        last = index;
        taken.add(index);
        return `${toAddress(base + index * size)}/${maskSize}`;
      }
      return undefined;
    },
  };
}

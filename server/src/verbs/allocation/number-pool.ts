/** Numbers of a range that are each given away once: addresses and ports, as offsets from the first. */
// Like pkg/registry/core/service/ipallocator and portallocator: the low part is left to those who ask for a number.
export interface NumberPoolOptions {
  readonly size: number;
  /** Numbers below are given away unasked only when all others are taken. */
  readonly reserved: number;
  readonly below: (limit: number) => number;
  isTaken(number: number): boolean;
}

/** Undefined when all are taken. */
export function pickFree({ size, reserved, below, isTaken }: NumberPoolOptions): number | undefined {
  return pickIn(reserved, size, below, isTaken) ?? pickIn(0, reserved, below, isTaken);
}

/** From a random place on, so that numbers are not reused soon. */
function pickIn(
  low: number,
  high: number,
  below: (limit: number) => number,
  isTaken: (number: number) => boolean,
): number | undefined {
  const count = high - low;
  if (count <= 0) return undefined;
  const start = below(count);
  for (let step = 0; step < count; step++) {
    const number = low + ((start + step) % count);
    if (!isTaken(number)) return number;
  }
  return undefined;
}

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

/** How many addresses of a network are left to those who ask. */
export const reservedAddresses = (size: number): number => (size < 16 ? 0 : clamp(Math.floor(size / 16), 16, 256));

/** How many ports of a range are left to those who ask. */
export const reservedPorts = (size: number): number => (size < 16 ? 0 : clamp(Math.floor(size / 32), 16, 128));

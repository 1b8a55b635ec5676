/** What a resourceFieldRef says: a request or limit of a container, divided and rounded up. */
// Like pkg/api/v1/resource.ExtractResourceValueByContainerName.
import { parseQuantity, type Quantity } from '@naru/api/quantity';
import type { ResourceFieldRef, ResourceList, Resources } from '../pods/container-definition.ts';

/** A container without a limit may use all that the node can give. */
export interface Allocatable {
  allocatable: ResourceList;
}

/** Throws for a resource that cannot be asked for. */
export function resourceFieldValue(
  { resource, divisor }: ResourceFieldRef,
  { requests = {}, limits = {} }: Resources,
  { allocatable }: Allocatable,
): string {
  const dot = resource.indexOf('.');
  const [kind, name] = [resource.slice(0, dot), resource.slice(dot + 1)];
  if (kind !== 'limits' && kind !== 'requests') throw new Error(`unsupported container resource : ${resource}`);
  const amount = kind === 'limits' ? (limits[name] ?? allocatable[name]) : requests[name];
  const divided = divideUp(parseQuantity(amount ?? '0'), parseQuantity(divisor || '1'));
  return divided.toString();
}

/** Both are `value × 10^scale`, so the quotient is exact and only its fraction is rounded. */
function divideUp(amount: Quantity, divisor: Quantity): bigint {
  if (divisor.value === 0n) return divideUp(amount, parseQuantity('1'));
  const shift = amount.scale - divisor.scale;
  const dividend = shift > 0 ? amount.value * 10n ** BigInt(shift) : amount.value;
  const by = shift < 0 ? divisor.value * 10n ** BigInt(-shift) : divisor.value;
  const quotient = dividend / by;
  return dividend % by > 0n ? quotient + 1n : quotient;
}

/** Amounts of several resources: `requests.cpu` → `500m`. Pure. */
// Like apiserver pkg/quota/v1/resources.go.
import { addQuantities, compareQuantities, isZero, subtractQuantities } from '../kinds/quantities.ts';

export type Amounts = ReadonlyMap<string, string>;

export const amountsFrom = (list: Record<string, string> | undefined): Amounts => new Map(Object.entries(list ?? {}));

export function sum(left: Amounts, right: Amounts): Amounts {
  const total = new Map(left);
  for (const [name, quantity] of right) total.set(name, addQuantities(total.get(name) ?? '0', quantity));
  return total;
}

export function difference(left: Amounts, right: Amounts): Amounts {
  const rest = new Map(left);
  for (const [name, quantity] of right) rest.set(name, subtractQuantities(rest.get(name) ?? '0', quantity));
  return rest;
}

export function only(amounts: Amounts, names: Iterable<string>): Amounts {
  const wanted = new Set(names);
  return new Map([...amounts].filter(([name]) => wanted.has(name)));
}

export const withoutZeros = (amounts: Amounts): Amounts =>
  new Map([...amounts].filter(([, quantity]) => !isZero(quantity)));

/** Names of what is more than `most` allows; what it does not name is unlimited. */
export const exceeding = (amounts: Amounts, most: Amounts): string[] =>
  [...amounts].flatMap(([name, quantity]) => {
    const limit = most.get(name);
    return limit !== undefined && compareQuantities(quantity, limit) > 0 ? [name] : [];
  });

/** `pods=1,requests.cpu=2`, in the order of names. */
export const listed = (amounts: Amounts): string =>
  [...amounts]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, quantity]) => `${name}=${quantity}`)
    .join(',');

/** Values that are a number or a text: ports by number or name, counts or percentages. */
// Like apimachinery pkg/util/intstr.

export type IntOrString = number | string;

/** The number of a percentage; undefined when it is none. */
export function percentageOf(value: string): number | undefined {
  const match = value.length <= 20 ? /^([+-]?\d+)%$/.exec(value) : null;
  return match ? Number(match[1]) : undefined;
}

/**
 * What `value` is of `total`: itself when it is a number, its share when it is a percentage.
 * Throws an Error with upstream's text for any other string.
 */
export function scaledIntOrString(value: IntOrString, total: number, { roundUp }: { roundUp: boolean }): number {
  if (typeof value === 'number') return value;
  const percentage = percentageOf(value);
  if (percentage === undefined) {
    throw new Error(`invalid value for IntOrString: invalid type: string is not a percentage`);
  }
  const share = (percentage * total) / 100;
  return roundUp ? Math.ceil(share) : Math.floor(share);
}

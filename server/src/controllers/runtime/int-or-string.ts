/** Numbers that may be given as a share: 3 or "25%". */

/** The number meant, of `total`; a text that is no percentage counts as 0. */
// Like intstr.GetScaledValueFromIntOrPercent.
export function scaledValue(value: number | string | undefined, total: number, round: 'up' | 'down'): number {
  if (typeof value === 'number') return value;
  if (!value?.endsWith('%')) return 0;
  const exact = (Number(value.slice(0, -1)) * total) / 100;
  if (!Number.isFinite(exact)) return 0;
  return round === 'up' ? Math.ceil(exact) : Math.floor(exact);
}

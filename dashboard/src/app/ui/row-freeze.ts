/** Which rows a table shows while someone points at it: those it showed before, in their order; pure. */

/** Rows on show and how many changes wait. */
export interface FrozenRows {
  readonly shown: readonly string[];
  readonly pending: number;
}

/**
 * With `frozen`, the keys on show stay as they are, and what would be added, removed or moved is counted.
 * Otherwise what is current is shown.
 */
export function freezeRows(shown: readonly string[], current: readonly string[], frozen: boolean): FrozenRows {
  if (!frozen || shown.length === 0) return { shown: current, pending: 0 };
  const before = new Set(shown);
  const now = new Set(current);
  const added = current.filter((key) => !before.has(key)).length;
  const removed = shown.filter((key) => !now.has(key)).length;
  const stayed = shown.filter((key) => now.has(key));
  const order = current.filter((key) => before.has(key));
  const moved = stayed.filter((key, index) => order[index] !== key).length;
  return { shown, pending: added + removed || Math.min(moved, 1) };
}

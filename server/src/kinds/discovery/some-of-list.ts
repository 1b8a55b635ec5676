/** The beginning of a list that may be long, as Tables show it. */
// Like listWithMoreString of pkg/printers/internalversion.

const shown = 3;

/** The first three, and how many more there are; `<unset>` when there is nothing. */
export function withMore(items: readonly (string | number)[]): string {
  const list = items.slice(0, shown).join(',');
  if (items.length > shown) return `${list} + ${items.length - shown} more...`;
  return list || '<unset>';
}

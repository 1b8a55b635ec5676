/** The colour a custom property means here and now, as the browser computes it: for what draws by itself. */
export function resolvedColour(element: HTMLElement, property: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${property})`;
  element.append(probe);
  const colour = getComputedStyle(probe).color;
  probe.remove();
  return colour;
}

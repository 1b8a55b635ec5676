/** The network interface that leads outside. */

/** Reads `/proc/net/route`; undefined when there is no default route. */
export function mainInterface(text: string): string | undefined {
  const routes = text.split('\n').map((line) => line.split('\t'));
  return routes.find(([, destination, , , , , , mask]) => destination === '00000000' && mask === '00000000')?.[0];
}

/** How long alerts that are over are kept. */
import type { Alert } from './alert.ts';
import { timeOf } from './views/pod.ts';

const longest = 30 * 24 * 60 * 60_000;
const mostPerNamespace = 500;

/** Those to delete. */
export function outdated(alerts: readonly Alert[], now: number): Alert[] {
  const byNamespace = new Map<string, { alert: Alert; at: number }[]>();
  for (const alert of alerts) {
    const { status, metadata } = alert;
    const at = status?.state === 'resolved' ? timeOf(status.resolvedAt) : undefined;
    if (at === undefined) continue;
    const { namespace = '' } = metadata;
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), { alert, at }]);
  }
  return [...byNamespace.values()].flatMap((resolved) =>
    resolved
      .sort((a, b) => b.at - a.at)
      .filter(({ at }, index) => index >= mostPerNamespace || now - at > longest)
      .map(({ alert }) => alert),
  );
}

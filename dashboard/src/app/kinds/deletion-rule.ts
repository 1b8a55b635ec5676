/** Which kinds are deleted only after their name was typed. */
import type { ResourceKind } from '../cluster/discovery';

/** What the whole cluster shares, and what holds data. */
export function asksForName({ namespaced, plural }: Pick<ResourceKind, 'namespaced' | 'plural'>): boolean {
  return !namespaced || plural === 'persistentvolumeclaims';
}

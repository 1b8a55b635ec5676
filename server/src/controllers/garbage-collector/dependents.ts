/** Who depends on whom, by uid of the owner. */
import type { KubeObject } from '@naru/api/object';

export class Dependents {
  readonly #byOwner = new Map<string, Set<string>>();

  add(object: KubeObject, reference: string): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const known = this.#byOwner.get(uid) ?? new Set<string>();
      known.add(reference);
      this.#byOwner.set(uid, known);
    }
  }

  remove(object: KubeObject, reference: string): void {
    for (const { uid } of object.metadata.ownerReferences ?? []) {
      const known = this.#byOwner.get(uid);
      known?.delete(reference);
      if (known?.size === 0) this.#byOwner.delete(uid);
    }
  }

  /** References of the objects that name `uid` as owner. */
  of(uid: string | undefined): string[] {
    return [...(this.#byOwner.get(uid ?? '') ?? [])];
  }
}

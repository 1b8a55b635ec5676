/** Pods that were promised a node when others were asked to go for them. */
// Like the scheduling queue's nominator.
import type { NodeInfo, PodFacts } from './node-info.ts';

export class Nominations {
  readonly #byPod = new Map<string, { facts: PodFacts; node: string }>();

  add(facts: PodFacts, node: string): void {
    this.#byPod.set(facts.uid, { facts, node });
  }

  /** True when there was one. */
  remove(uid: string): boolean {
    return this.#byPod.delete(uid);
  }

  nodeOf(uid: string): string | undefined {
    return this.#byPod.get(uid)?.node;
  }

  /** The node with the pods that are promised it and no less important than `pod`; the node itself when there are none. */
  expected(node: NodeInfo, pod: PodFacts): NodeInfo {
    if (this.#byPod.size === 0) return node;
    const promised = [...this.#byPod.values()].filter(
      (one) => one.node === node.name && one.facts.uid !== pod.uid && one.facts.priority >= pod.priority,
    );
    return promised.length ? node.with([...node.pods.values(), ...promised.map(({ facts }) => facts)]) : node;
  }
}

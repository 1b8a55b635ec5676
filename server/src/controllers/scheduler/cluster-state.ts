/** All nodes with their pods, as the scheduler believes them to be: what it has decided counts before the server says so. */
// Like scheduler/backend/cache.
import type { Pod } from '../runtime/pod.ts';
import type { Node } from '../node-lifecycle/node.ts';
import { NodeInfo, podFacts, type PodFacts } from './node-info.ts';

export class ClusterState {
  readonly #nodes = new Map<string, NodeInfo>();
  /** uid → name of the node that has the pod. */
  readonly #places = new Map<string, string>();
  /** Pods of nodes that are not known (yet). */
  readonly #homeless = new Map<string, Map<string, PodFacts>>();
  #list: NodeInfo[] | undefined;
  /** How many placed pods have affinity terms: none means there is nothing to check. */
  #withAffinity = 0;
  #withRequiredAntiAffinity = 0;

  /** In the order they came; the same list until nodes come or go. */
  get nodes(): readonly NodeInfo[] {
    return (this.#list ??= [...this.#nodes.values()]);
  }

  get hasAffinity(): boolean {
    return this.#withAffinity > 0;
  }

  get hasRequiredAntiAffinity(): boolean {
    return this.#withRequiredAntiAffinity > 0;
  }

  node(name: string): NodeInfo | undefined {
    return this.#nodes.get(name);
  }

  setNode(node: Node): void {
    const name = node.metadata.name ?? '';
    const known = this.#nodes.get(name);
    if (known) {
      known.node = node;
      return;
    }
    const info = new NodeInfo(node);
    for (const facts of this.#homeless.get(name)?.values() ?? []) info.add(facts);
    this.#homeless.delete(name);
    this.#nodes.set(name, info);
    this.#list = undefined;
  }

  removeNode(name: string): void {
    const info = this.#nodes.get(name);
    if (!info) return;
    if (info.pods.size) this.#homeless.set(name, new Map(info.pods));
    this.#nodes.delete(name);
    this.#list = undefined;
  }

  /** The pod is on `nodeName`, or will be. */
  place(pod: Pod, nodeName: string, facts: PodFacts = podFacts(pod)): void {
    this.remove(facts.uid);
    this.#places.set(facts.uid, nodeName);
    const info = this.#nodes.get(nodeName);
    if (info) info.add(facts);
    else
      this.#homeless.set(nodeName, (this.#homeless.get(nodeName) ?? new Map<string, PodFacts>()).set(facts.uid, facts));
    this.#count(facts, 1);
  }

  placeOf(uid: string): string | undefined {
    return this.#places.get(uid);
  }

  remove(uid: string): void {
    const place = this.#places.get(uid);
    if (place === undefined) return;
    this.#places.delete(uid);
    const homeless = this.#homeless.get(place);
    const facts = this.#nodes.get(place)?.remove(uid) ?? homeless?.get(uid);
    homeless?.delete(uid);
    if (homeless?.size === 0) this.#homeless.delete(place);
    if (facts) this.#count(facts, -1);
  }

  #count({ hasAffinity, hasRequiredAntiAffinity }: PodFacts, sign: 1 | -1): void {
    if (hasAffinity) this.#withAffinity += sign;
    if (hasRequiredAntiAffinity) this.#withRequiredAntiAffinity += sign;
  }
}

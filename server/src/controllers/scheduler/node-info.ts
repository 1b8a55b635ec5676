/** A node with the pods on it and what they take, kept up to date pod by pod. */
// Like scheduler/framework NodeInfo.
import { controllerOf } from '../runtime/owners.ts';
import { isTerminating, type ContainerPort, type Pod } from '../runtime/pod.ts';
import type { Node } from '../node-lifecycle/node.ts';
import { amountsOf, nonZeroRequests, podRequests, type Amounts } from './pod-requests.ts';

/** A pod and what of it is asked again and again. */
export interface PodFacts {
  readonly pod: Pod;
  readonly uid: string;
  readonly requests: Amounts;
  readonly nonZero: Amounts;
  readonly hostPorts: readonly string[];
  readonly priority: number;
  readonly hasAffinity: boolean;
  readonly hasRequiredAntiAffinity: boolean;
  /** The uid of its controller; absent for a pod that is going, whose place counts no more. */
  readonly controller?: string;
}

const anyAddress = '0.0.0.0';

function hostPorts({ spec }: Pod): string[] {
  const sidecars = (spec.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  return [...spec.containers, ...sidecars].flatMap(({ ports = [] }) =>
    ports
      .filter((port): port is ContainerPort & { hostPort: number } => !!port.hostPort)
      .map(({ hostPort, hostIP, protocol }) => `${protocol || 'TCP'}/${hostPort}/${hostIP || anyAddress}`),
  );
}

export function podFacts(pod: Pod): PodFacts {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  const controller = isTerminating(pod) ? undefined : controllerOf(pod)?.uid;
  return {
    ...(controller !== undefined && { controller }),
    pod,
    uid: pod.metadata.uid ?? '',
    requests: podRequests(pod),
    nonZero: nonZeroRequests(pod),
    hostPorts: hostPorts(pod),
    priority: pod.spec.priority ?? 0,
    hasAffinity: !!(podAffinity || podAntiAffinity),
    hasRequiredAntiAffinity: !!podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.length,
  };
}

export class NodeInfo {
  readonly name: string;
  #node: Node;
  #allocatable: Map<string, number>;
  readonly pods = new Map<string, PodFacts>();
  readonly requested = new Map<string, number>();
  readonly nonZeroRequested = new Map<string, number>();
  /** `TCP/80/0.0.0.0` → how many pods use it. */
  readonly #ports = new Map<string, number>();
  /** uid of a controller → how many of its pods are here. */
  readonly #controlled = new Map<string, number>();
  readonly withAffinity = new Set<PodFacts>();

  constructor(node: Node) {
    this.name = node.metadata.name ?? '';
    this.#node = node;
    this.#allocatable = amountsOf(node.status?.allocatable);
  }

  get node(): Node {
    return this.#node;
  }

  set node(node: Node) {
    const same = node.status?.allocatable === this.#node.status?.allocatable;
    this.#node = node;
    if (!same) this.#allocatable = amountsOf(node.status?.allocatable);
  }

  get labels(): Record<string, string> {
    return this.#node.metadata.labels ?? {};
  }

  allocatable(resource: string): number {
    return this.#allocatable.get(resource) ?? 0;
  }

  add(facts: PodFacts): void {
    this.remove(facts.uid);
    this.pods.set(facts.uid, facts);
    this.#count(facts, 1);
    if (facts.hasAffinity) this.withAffinity.add(facts);
  }

  remove(uid: string): PodFacts | undefined {
    const facts = this.pods.get(uid);
    if (!facts) return undefined;
    this.pods.delete(uid);
    this.#count(facts, -1);
    this.withAffinity.delete(facts);
    return facts;
  }

  /** How many of the pods here belong to the controller, without those that are going. */
  controlledBy(controller: string): number {
    return this.#controlled.get(controller) ?? 0;
  }

  /** The same node with other pods: what would be, without touching what is. */
  with(pods: Iterable<PodFacts>): NodeInfo {
    const copy = new NodeInfo(this.#node);
    for (const facts of pods) copy.add(facts);
    return copy;
  }

  /** Whether one of the ports is taken, on its address or on all. */
  conflicts(wanted: readonly string[]): boolean {
    if (wanted.length === 0 || this.#ports.size === 0) return false;
    return wanted.some((port) => {
      const end = port.lastIndexOf('/') + 1;
      if (!port.endsWith(`/${anyAddress}`))
        return this.#ports.has(port) || this.#ports.has(port.slice(0, end) + anyAddress);
      return [...this.#ports.keys()].some((taken) => taken.startsWith(port.slice(0, end)));
    });
  }

  #count(facts: PodFacts, sign: 1 | -1): void {
    for (const [name, amount] of facts.requests) change(this.requested, name, sign * amount);
    for (const [name, amount] of facts.nonZero) change(this.nonZeroRequested, name, sign * amount);
    for (const port of facts.hostPorts) changeOrDrop(this.#ports, port, sign);
    if (facts.controller !== undefined) changeOrDrop(this.#controlled, facts.controller, sign);
  }
}

const change = (sums: Map<string, number>, name: string, amount: number): void =>
  void sums.set(name, (sums.get(name) ?? 0) + amount);

function changeOrDrop(counts: Map<string, number>, name: string, sign: 1 | -1): void {
  change(counts, name, sign);
  if (!counts.get(name)) counts.delete(name);
}

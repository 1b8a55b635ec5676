/** Follows NetworkPolicies, and the pods and namespaces they speak of, into the table. */
import { keyOf } from '@naru/api/client/object-cache';
import type { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import type { KubeObject } from '@naru/api/object';
import type { NetworkPolicy, Pod } from './api-objects.ts';
import { cutForbidden } from './cut-forbidden.ts';
import type { NftTable } from './nftables/apply.ts';
import { isolatedPodFragment, policyFragment, tightens } from './nftables/policies.ts';
import type { Fragment } from './nftables/ruleset.ts';
import type { AttachablePod } from './pod-network.ts';
import type { CompiledPolicy, PolicyPod } from './policy-model.ts';
import { compilePolicies, namedPorts, policyPodOf } from './policy-model.ts';
import { allows } from './policy-verdict.ts';
import type { RunCommand } from './run-command.ts';

export interface EnforcePoliciesOptions {
  policies: Informer<NetworkPolicy>;
  /** Every pod and namespace of the cluster; run only once there is a policy, as they cost memory. */
  pods: Informer<Pod>;
  namespaces: Informer<KubeObject>;
  /** Runs the two. */
  runPeers(): void;
  /** What answers the cluster's names, where other clusters have pods of kube-dns; undefined: nothing here. */
  dns: PolicyPod | undefined;
  table: NftTable;
  clock: Clock;
  run: RunCommand;
  /** Of the node itself, at this moment. */
  ownAddresses(): ReadonlySet<string>;
  onError(error: unknown): void;
}

/** The agent's DNS, as policies written for CoreDNS select it. */
export const dnsPod = (clusterDns: string): PolicyPod => ({
  namespace: 'kube-system',
  labels: { 'k8s-app': 'kube-dns' },
  ip: clusterDns,
  ports: [
    { name: 'dns', protocol: 'UDP', port: 53 },
    { name: 'dns-tcp', protocol: 'TCP', port: 53 },
  ],
});

/** Changes of pods come by the hundred; each recomputes everything. */
const pause = 100;
/** A pod is not started while nobody can say which policies select it. */
const patience = 30_000;

interface LocalPod {
  pod: AttachablePod;
  ip: string;
}

export class EnforcedPolicies {
  readonly #options: EnforcePoliciesOptions;
  readonly #local = new Map<string, LocalPod>();
  readonly #owners = new Set<string>();
  #compiled: CompiledPolicy[] = [];
  #peersRun = false;
  #resting = false;
  #dirty = false;

  constructor(options: EnforcePoliciesOptions) {
    this.#options = options;
    const { policies, pods, namespaces } = options;
    const changed = () => this.#mark();
    policies.listen({ add: () => this.#policyCame(), update: changed, delete: changed });
    pods.listen({ add: changed, delete: changed, update: (pod, old) => void (samePeer(pod, old) || changed()) });
    namespaces.listen({ add: changed, delete: changed, update: changed });
  }

  /** Resolves when what is known of the cluster is enough to enforce its policies. */
  async synced(): Promise<void> {
    const { policies, pods, namespaces } = this.#options;
    await policies.synced;
    if (policies.size > 0) await Promise.all([pods.synced, namespaces.synced]);
  }

  /** Recomputes now. To be called once `synced` has resolved. */
  start(): void {
    this.#update();
  }

  /** Resolves when the policies that select the pod stand in the kernel. */
  async guard(pod: AttachablePod, ip: string): Promise<void> {
    this.#local.set(pod.uid, { pod, ip });
    await this.#inTime(this.synced());
    this.#update();
    await this.#options.table.applied();
  }

  /** A pod that runs already, with whatever rules an earlier agent made for it. */
  adopt(pod: AttachablePod, ip: string): void {
    this.#local.set(pod.uid, { pod, ip });
    this.#mark();
  }

  release(uid: string): void {
    if (this.#local.delete(uid)) this.#mark();
  }

  #inTime(work: Promise<void>): Promise<void> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      const late = () => reject(new Error('the network policies of the cluster could not be read yet'));
      const cancel = clock.after(patience, late);
      work.then(resolve, reject).finally(cancel);
    });
  }

  #policyCame(): void {
    if (!this.#peersRun) {
      this.#peersRun = true;
      const { runPeers, pods, namespaces } = this.#options;
      runPeers();
      void Promise.all([pods.synced, namespaces.synced]).then(() => this.#mark());
    }
    this.#mark();
  }

  get #isSynced(): boolean {
    const { policies, pods, namespaces } = this.#options;
    return policies.hasSynced && (policies.size === 0 || (pods.hasSynced && namespaces.hasSynced));
  }

  #mark(): void {
    this.#dirty = true;
    if (this.#resting || !this.#isSynced) return;
    this.#resting = true;
    setImmediate(() => {
      if (this.#dirty) this.#update();
      this.#options.clock.after(pause, () => {
        this.#resting = false;
        if (this.#dirty) this.#mark();
      });
    });
  }

  #update(): void {
    if (!this.#isSynced) return;
    this.#dirty = false;
    this.#compiled = compilePolicies(this.#world());
    const wanted = new Map<string, Fragment>();
    for (const policy of this.#compiled)
      wanted.set(`policy/${policy.namespace}/${policy.name}`, policyFragment(policy));
    for (const [uid, { ip }] of this.#local) {
      const fragment = isolatedPodFragment({ uid, ip }, this.#compiled);
      if (fragment.elements.length > 0) wanted.set(`policies-of/${uid}`, fragment);
    }
    this.#put(wanted);
  }

  #put(wanted: Map<string, Fragment>): void {
    const { table } = this.#options;
    let tighter = false;
    for (const owner of new Set([...this.#owners, ...wanted.keys()])) {
      const fragment = wanted.get(owner);
      tighter ||= tightens(table.get(owner), fragment);
      table.put(owner, fragment);
      if (fragment) this.#owners.add(owner);
      else this.#owners.delete(owner);
    }
    if (tighter) void this.#cut();
  }

  async #cut(): Promise<void> {
    const { table, run, onError, ownAddresses } = this.#options;
    try {
      await table.applied();
      const pods = new Map([...this.#local].map(([uid, { ip }]) => [ip, uid]));
      const view = { pods, own: ownAddresses() };
      await cutForbidden(run, (flow) => allows(this.#compiled, view, flow));
    } catch (error) {
      onError(error);
    }
  }

  #world() {
    const { policies, pods, namespaces, dns } = this.#options;
    const byKey = new Map([...this.#local.values()].map((one) => [keyOf({ metadata: one.pod }), one]));
    const local = [...this.#local].map(([uid, { pod, ip }]) => {
      const object = pods.get(`${pod.namespace}/${pod.name}`);
      // Labels change after the start; what the sandbox was started with stands in until the object is known.
      const labels = (object?.metadata.uid === uid ? object.metadata.labels : undefined) ?? pod.labels;
      return { uid, namespace: pod.namespace, labels, ip, ports: namedPorts(object?.spec) };
    });
    const others = pods.list().filter((pod) => byKey.get(keyOf(pod))?.pod.uid !== pod.metadata.uid);
    return {
      policies: policies.list(),
      pods: [...local, ...others.flatMap((pod) => policyPodOf(pod) ?? []), ...(dns ? [dns] : [])],
      namespaces: new Map(namespaces.list().map(({ metadata }) => [metadata.name ?? '', metadata.labels ?? {}])),
    };
  }
}

/** Whether a pod's update says nothing that policies ask about; most updates are of that kind. */
function samePeer(pod: Pod, old: Pod): boolean {
  const facts = ({ metadata, status }: Pod) => JSON.stringify([metadata.labels, status?.podIP, status?.phase]);
  return facts(pod) === facts(old);
}

/** Writes down which volumes a placed pod's claims are to get, and waits until they have them. */
// Like volumeBinder AssumePodVolumes and BindPodVolumes.
import { keyOf } from '@naru/api/client/object-cache';
import { reserve, withAnnotation } from '../persistent-volume/bind.ts';
import { reaches } from '../persistent-volume/find-volume.ts';
import {
  annotation,
  claimKeysOf,
  isBindComplete,
  selectedNode,
  type PersistentVolume,
  type VolumeClaim,
} from '../persistent-volume/volume.ts';
import type { ControllerContext } from '../runtime/define-controller.ts';
import type { Pod } from '../runtime/pod.ts';
import { persistentVolumeClaims, persistentVolumes } from '../runtime/resources.ts';
import type { VolumeDecisions } from './filters/volume-binding.ts';
import type { NodeInfo } from './node-info.ts';

/** How long a pod waits for its volumes before another node is looked for. */
const longestWait = 600_000;

interface Wait {
  /** Of claims. */
  keys: readonly string[];
  node: NodeInfo;
  resolve(): void;
  reject(error: Error): void;
}

export class VolumeBinder {
  readonly #context: ControllerContext;
  /** By claim: decided, but not yet seen in the claim. */
  readonly #promises = new Map<string, { node: string; volume?: string }>();
  readonly #waits = new Set<Wait>();

  constructor(context: ControllerContext) {
    this.#context = context;
  }

  /** Call when a claim or a volume has changed. */
  changed(): void {
    for (const wait of this.#waits) this.#look(wait);
  }

  promisedNode(claim: string): string | undefined {
    return this.#promises.get(claim)?.node;
  }

  get promisedVolumes(): ReadonlySet<string> {
    return new Set([...this.#promises.values()].flatMap(({ volume }) => volume ?? []));
  }

  /** From now on no other pod gets these volumes. Returns the function that takes it back. */
  promise({ bindings, provisions }: VolumeDecisions, node: string): () => void {
    const promised = new Map([
      ...bindings.map(({ claim, volume }) => [keyOf(claim), { node, volume: volume.metadata.name ?? '' }] as const),
      ...provisions.map((claim) => [keyOf(claim), { node }] as const),
    ]);
    for (const [key, one] of promised) if (!this.#promises.has(key)) this.#promises.set(key, one);
    return () => {
      for (const [key, one] of promised) if (this.#promises.get(key) === one) this.#promises.delete(key);
    };
  }

  /** Resolves when all claims of the pod have their volume; throws when they will not have it there. */
  async bind(pod: Pod, { bindings, provisions }: VolumeDecisions, node: NodeInfo): Promise<void> {
    const { client } = this.#context;
    for (const { claim, volume } of bindings) await reserve(volume, claim, { client });
    for (const claim of provisions) {
      const wanted = withAnnotation(claim, selectedNode, node.name);
      if (wanted !== claim) await client.for<VolumeClaim>(persistentVolumeClaims).update(wanted);
    }
    await this.#untilBound(claimKeysOf(pod), node);
  }

  async #untilBound(keys: readonly string[], node: NodeInfo): Promise<void> {
    const { clock, signal } = this.#context;
    let end = () => {};
    try {
      await new Promise<void>((resolve, reject) => {
        const wait = { keys, node, resolve, reject };
        this.#waits.add(wait);
        const stop = () => reject(new Error('the scheduler ends'));
        signal.addEventListener('abort', stop, { once: true });
        const cancel = clock.after(longestWait, () => reject(new Error('context deadline exceeded')));
        end = () => {
          cancel();
          signal.removeEventListener('abort', stop);
          this.#waits.delete(wait);
        };
        this.#look(wait);
      });
    } finally {
      end();
    }
  }

  // Like checkBindings.
  #look({ keys, node, resolve, reject }: Wait): void {
    const { informers } = this.#context;
    let bound = 0;
    for (const key of keys) {
      const claim = informers.for<VolumeClaim>(persistentVolumeClaims).get(key);
      if (!claim) return reject(new Error(`failed to get pvc ${JSON.stringify(key)}: not found`));
      const volume = informers.for<PersistentVolume>(persistentVolumes).get(claim.spec.volumeName ?? '');
      if (isBindComplete(claim) && volume) {
        if (!reaches(volume, node))
          return reject(new Error(`pv ${JSON.stringify(volume.metadata.name)} node affinity doesn't match node`));
        bound++;
      } else if (!this.#isOnItsWay(claim, key, node)) {
        return reject(new Error(`provisioning failed for PVC ${JSON.stringify(claim.metadata.name)}`));
      }
    }
    if (bound === keys.length) resolve();
  }

  /** A provisioner that cannot serve the node takes the scheduler's choice off the claim. */
  #isOnItsWay(claim: VolumeClaim, key: string, node: NodeInfo): boolean {
    return this.#promises.get(key)?.volume !== undefined || annotation(claim, selectedNode) === node.name;
  }
}

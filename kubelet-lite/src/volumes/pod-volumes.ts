/** Sets up a pod's volumes on the node, keeps their files current, and takes them away again. */
import { chmod, mkdir, readdir, rm, rmdir } from 'node:fs/promises';
import { parseQuantity, quantityValue } from '@naru/api/quantity';
import type { NodeFacts } from '../environment/field-path.ts';
import type { Allocatable } from '../environment/resource-field.ts';
import type { ConfigSource } from '../config-objects/config-source.ts';
import type { FollowedObjects } from '../config-objects/followed-objects.ts';
import { uidOf, type Pod } from '../pods/pod.ts';
import type { Volume } from '../pods/volume.ts';
import { writeAtomically, type ProjectedFile, type ProjectedFiles } from './atomic-writer.ts';
import { prepareHostPath, type HostPathRules } from './host-path.ts';
import type { Mounts } from './mounts.ts';
import type { NodeDirectories } from './node-directories.ts';
import { giveToGroup } from './ownership.ts';
import { claimedPath, type ClaimSource } from './persistent-volume.ts';
import { VolumeError, type PreparedVolume } from './prepared-volume.ts';
import { isProjected, projectVolume, volumeReferences, type TokenSource } from './projected-files.ts';

export interface PreparedVolumes {
  byName: ReadonlyMap<string, PreparedVolume>;
  /** When a token in them is to be renewed; absent: never. */
  renewAt?: number;
}

/** What syncing a pod needs of its volumes. */
export interface PodVolumes {
  /** Sets up what is missing and brings files up to date. Throws VolumeError. */
  prepare(pod: Pod, facts: NodeFacts & Allocatable): Promise<PreparedVolumes>;
  /** Takes away everything the pod has on the node. Doing it twice is no error. */
  remove(uid: string): Promise<void>;
  /** UIDs that have anything on the node. */
  pods(): Promise<string[]>;
}

export interface NodeVolumesOptions {
  directories: NodeDirectories;
  mounts: Mounts;
  source: ConfigSource;
  claims: ClaimSource;
  tokens: TokenSource;
  rules: HostPathRules;
  /** Hears which objects a pod's volumes show, to tell of their changes. */
  following: Pick<FollowedObjects, 'follow' | 'release'>;
  /** Where volumes that Naru itself provisions stand; a claim may lead there, a pod's hostPath may not. */
  provisionedRoot: string;
}

type Facts = NodeFacts & Allocatable;

export class NodeVolumes implements PodVolumes {
  readonly #options: NodeVolumesOptions;
  #volatile: Promise<void> | undefined;

  constructor(options: NodeVolumesOptions) {
    this.#options = options;
  }

  async prepare(pod: Pod, facts: Facts): Promise<PreparedVolumes> {
    const byName = new Map<string, PreparedVolume>();
    const renewals: number[] = [];
    this.#options.following.follow(uidOf(pod), pod.metadata.namespace ?? '', volumeReferences(pod));
    for (const volume of pod.spec.volumes ?? []) {
      try {
        const { prepared, renewAt } = await this.#prepareOne(volume, pod, facts);
        byName.set(volume.name, prepared);
        if (renewAt !== undefined) renewals.push(renewAt);
      } catch (error) {
        throw new VolumeError(volume.name, (error as Error).message, { cause: error });
      }
    }
    return { byName, ...(renewals.length > 0 && { renewAt: Math.min(...renewals) }) };
  }

  async remove(uid: string): Promise<void> {
    const { directories, mounts, following, tokens } = this.#options;
    following.release(uid);
    tokens.forget(uid);
    const directory = directories.pod(uid);
    for (const target of await mounts.below(directory)) await mounts.unmount(target);
    // Only links are removed, never followed; and what is still mounted is not reached, because the engine's
    // containers are gone by now and the mounts with them.
    await rm(directory, { recursive: true, force: true });
    await rm(directories.volatilePod(uid), { recursive: true, force: true });
  }

  async pods(): Promise<string[]> {
    const { directories } = this.#options;
    const names = await Promise.all(
      [directories.pods, directories.volatile].map((directory) => readdir(directory).catch(() => [])),
    );
    return [...new Set(names.flat())];
  }

  async #prepareOne(volume: Volume, pod: Pod, facts: Facts): Promise<{ prepared: PreparedVolume; renewAt?: number }> {
    const { emptyDir, hostPath, persistentVolumeClaim: claim, ephemeral } = volume;
    if (isProjected(volume)) return this.#prepareProjected(volume, pod, facts);
    if (emptyDir) return { prepared: await this.#prepareEmptyDir(volume.name, emptyDir, pod) };
    if (hostPath) {
      const prepared = await prepareHostPath(hostPath.path, hostPath.type ?? '', this.#options.rules);
      return { prepared: { ...prepared, readOnly: false } };
    }
    if (claim) return { prepared: await this.#prepareClaim(claim.claimName, claim.readOnly ?? false, pod) };
    if (ephemeral) return { prepared: await this.#prepareOwnClaim(`${pod.metadata.name}-${volume.name}`, pod) };
    throw new Error(`failed to get Plugin from volumeSpec for volume "${volume.name}" err=no volume plugin matched`);
  }

  async #prepareProjected(volume: Volume, pod: Pod, facts: Facts) {
    const { directories, source, tokens } = this.#options;
    await this.#ensureVolatile();
    const { files, renewAt } = await projectVolume(volume, { pod, facts, source, tokens });
    const path = directories.projected(uidOf(pod), volume.name);
    await mkdir(path, { recursive: true, mode: 0o755 });
    const group = pod.spec.securityContext?.fsGroup;
    await writeAtomically(path, group === undefined ? files : readableByGroup(files), group);
    const prepared = { path, readOnly: true, masks: [] };
    return renewAt === undefined ? { prepared } : { prepared, renewAt };
  }

  async #prepareEmptyDir(name: string, { medium, sizeLimit }: { medium?: string; sizeLimit?: string }, pod: Pod) {
    const { directories, mounts } = this.#options;
    if (medium && medium !== 'Memory') throw new Error(`emptyDir medium "${medium}" is not served by this node`);
    const uid = uidOf(pod);
    const path = medium ? directories.memoryDir(uid, name) : directories.emptyDir(uid, name);
    const made = await mkdir(path, { recursive: true });
    if (medium && (await mounts.below(path)).length === 0) {
      const sizeBytes = smallest([sizeLimit, ...memoryLimits(pod)]);
      await mounts.tmpfs(path, { mode: '1777', ...(sizeBytes !== undefined && { sizeBytes }) });
    }
    if (made || medium) await chmod(path, 0o777);
    const group = pod.spec.securityContext?.fsGroup;
    if (group !== undefined) await giveToGroup(path, group, { onRootMismatch: true });
    return { path, readOnly: false, masks: [] };
  }

  /** A claim that was there before the pod, or is another pod's, is not its own whatever its name. */
  async #prepareOwnClaim(claimName: string, pod: Pod): Promise<PreparedVolume> {
    const { namespace = '', uid } = pod.metadata;
    const claim = await this.#options.claims.claim(namespace, claimName);
    if (claim && !claim.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid))
      throw new Error(
        `PVC ${namespace}/${claimName} was not created for pod ${namespace}/${pod.metadata.name} (pod is not owner)`,
      );
    return this.#prepareClaim(claimName, false, pod);
  }

  async #prepareClaim(claimName: string, readOnly: boolean, pod: Pod): Promise<PreparedVolume> {
    const { claims, rules, provisionedRoot } = this.#options;
    const { path, type } = await claimedPath(claims, pod.metadata.namespace ?? '', claimName);
    const provisioned = path.startsWith(`${provisionedRoot}/`) && !path.split('/').includes('..');
    const prepared = await prepareHostPath(path, type, provisioned ? { protectedPaths: [] } : rules);
    const { fsGroup, fsGroupChangePolicy } = pod.spec.securityContext ?? {};
    if (fsGroup !== undefined && !readOnly)
      await giveToGroup(prepared.path, fsGroup, { onRootMismatch: fsGroupChangePolicy === 'OnRootMismatch' });
    return { ...prepared, readOnly };
  }

  /** Secrets never reach a disk: what the API fills stands in a tmpfs of the node's. */
  #ensureVolatile(): Promise<void> {
    this.#volatile ??= this.#mountVolatile().catch((error: unknown) => {
      this.#volatile = undefined;
      throw error;
    });
    return this.#volatile;
  }

  async #mountVolatile(): Promise<void> {
    const { directories, mounts } = this.#options;
    await mkdir(directories.volatile, { recursive: true, mode: 0o700 });
    if ((await mounts.below(directories.volatile)).includes(directories.volatile)) return;
    await mounts.tmpfs(directories.volatile, { mode: '0755' });
  }

  /** Unmounts the tmpfs; every pod is to be gone. */
  async dismantle(): Promise<void> {
    const { directories, mounts } = this.#options;
    for (const uid of await this.pods()) await this.remove(uid);
    if ((await mounts.below(directories.volatile)).length > 0) await mounts.unmount(directories.volatile);
    await rmdir(directories.volatile).catch(() => {});
  }
}

// Like upstream's read-only volumes with fsGroup: the group may read.
function readableByGroup(files: ProjectedFiles): ProjectedFiles {
  const withGroup = ({ content, mode, uid }: ProjectedFile) => ({
    content,
    mode: mode | 0o440,
    ...(uid !== undefined && { uid }),
  });
  return new Map([...files].map(([path, file]) => [path, withGroup(file)]));
}

/** The memory that all containers of the pod together may use; none when one of them is unlimited. */
function memoryLimits(pod: Pod): (string | undefined)[] {
  const limits = pod.spec.containers.map(({ resources }) => resources?.limits?.memory);
  if (limits.some((limit) => limit === undefined)) return [pod.spec.resources?.limits?.memory];
  const total = limits.reduce((sum, limit) => sum + quantityValue(parseQuantity(limit ?? '0')), 0);
  return [String(total), pod.spec.resources?.limits?.memory];
}

function smallest(amounts: (string | undefined)[]): number | undefined {
  const sizes = amounts.flatMap((amount) => (amount ? quantityValue(parseQuantity(amount)) : []));
  return sizes.length ? Math.min(...sizes) : undefined;
}

/** PodFiles on the disk of the node. */
import { readFileSync } from 'node:fs';
import { chmod, mkdir, open, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PodDns, ResolvConf } from '../network/pod-network.ts';
import { hostsFile, podNames } from '../pods/pod-hostname.ts';
import { uidOf, type Pod } from '../pods/pod.ts';
import type { Mount } from '../runtime/container-runtime.ts';
import { containerMounts } from './container-mounts.ts';
import type { Mounts } from './mounts.ts';
import type { NodeDirectories } from './node-directories.ts';
import { openBeneath } from './open-beneath.ts';
import type { ContainerFiles, PodFiles } from './pod-files.ts';
import type { PodVolumes, PreparedVolumes } from './pod-volumes.ts';

export interface NodePodFilesOptions {
  directories: NodeDirectories;
  volumes: PodVolumes;
  mounts: Mounts;
  processId: number;
  clusterDomain: string;
  resolvConf(pod: PodDns): ResolvConf;
  /** What did not fit into resolv.conf. */
  onDnsWarning(pod: Pod, message: string): void;
  /** Where localhost profiles of seccomp stand. */
  seccompRoot: string;
  recursiveReadOnlyMounts: boolean;
}

const defaultMessagePath = '/dev/termination-log';
const longestEnvFile = 64 * 1024;

export class NodePodFiles implements PodFiles {
  readonly #options: NodePodFilesOptions;

  constructor(options: NodePodFilesOptions) {
    this.#options = options;
  }

  prepare(...[pod, facts]: Parameters<PodFiles['prepare']>): Promise<PreparedVolumes> {
    return this.#options.volumes.prepare(pod, facts);
  }

  async mounts(files: ContainerFiles): Promise<Mount[]> {
    const { directories, mounts, processId, recursiveReadOnlyMounts } = this.#options;
    const { pod, container, volumes, lookup } = files;
    const emptyDirectory = join(directories.root, 'empty');
    await mkdir(emptyDirectory, { recursive: true, mode: 0o555 });
    const own = await containerMounts(
      { uid: uidOf(pod), container, volumes: volumes.byName, lookup, recursiveReadOnlyMounts },
      { directories, mounts, processId, emptyDirectory },
    );
    // What the pod itself mounts on one of these paths goes before ours.
    const taken = new Set(own.map(({ containerPath }) => containerPath));
    const managed = [...(await this.#namingMounts(files)), await this.#messageMount(files)];
    return [...own, ...managed.filter(({ containerPath }) => !taken.has(containerPath))];
  }

  async readVolumeFile({ byName }: PreparedVolumes, volume: string, path: string): Promise<string | undefined> {
    const prepared = byName.get(volume);
    if (!prepared) throw new Error(`cannot find volume "${volume}"`);
    try {
      const opened = openBeneath(prepared.path, path);
      try {
        if (opened.isDirectory) throw new Error(`"${path}" is a directory`);
        return readFileSync(`/proc/self/fd/${opened.descriptor}`, 'utf8').slice(0, longestEnvFile + 1);
      } finally {
        opened.close();
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw error;
    }
  }

  async terminationMessage(uid: string, container: string, attempt: number, limit: number): Promise<string> {
    const path = this.#options.directories.terminationMessage(uid, container, attempt);
    const file = await open(path, 'r').catch(() => undefined);
    if (!file) return '';
    try {
      const { size } = await file.stat();
      const length = Math.min(size, limit);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, size - length);
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  }

  async seccompProfile(name: string): Promise<string> {
    try {
      const opened = openBeneath(this.#options.seccompRoot, name);
      try {
        return readFileSync(`/proc/self/fd/${opened.descriptor}`, 'utf8');
      } finally {
        opened.close();
      }
    } catch (error) {
      const path = join(this.#options.seccompRoot, name);
      const why = (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'no such file or directory' : String(error);
      throw new Error(`cannot load seccomp profile ${JSON.stringify(path)}: open ${path}: ${why}`, { cause: error });
    }
  }

  remove(uid: string): Promise<void> {
    return this.#options.volumes.remove(uid);
  }

  pods(): Promise<string[]> {
    return this.#options.volumes.pods();
  }

  /** /etc/hosts, /etc/hostname and /etc/resolv.conf, shared by the containers of the pod. */
  async #namingMounts({ pod, podIp }: ContainerFiles): Promise<Mount[]> {
    const { directories, clusterDomain, resolvConf, onDnsWarning } = this.#options;
    const { spec, metadata } = pod;
    const directory = directories.pod(uidOf(pod));
    await mkdir(directory, { recursive: true, mode: 0o750 });
    const names = podNames(pod, clusterDomain);
    const hostFile = spec.hostNetwork ? await readFile('/etc/hosts', 'utf8').catch(() => '') : '';
    const resolv = resolvConf({
      namespace: metadata.namespace ?? '',
      hostNetwork: spec.hostNetwork ?? false,
      dnsPolicy: spec.dnsPolicy ?? 'ClusterFirst',
      ...(spec.dnsConfig && { dnsConfig: spec.dnsConfig }),
    });
    for (const warning of resolv.warnings) onDnsWarning(pod, warning);
    const files: [string, string, string][] = [
      ['etc-hosts', '/etc/hosts', hostsFile(pod, podIp, names, hostFile)],
      ['resolv.conf', '/etc/resolv.conf', resolv.content],
      // A pod of the host's network is called what the host is called.
      ...(spec.hostNetwork
        ? []
        : [['hostname', '/etc/hostname', `${names.kernelHostname}\n`] as [string, string, string]]),
    ];
    return Promise.all(
      files.map(async ([name, containerPath, content]) => {
        const hostPath = join(directory, name);
        await writeFile(hostPath, content, { mode: 0o644 });
        return { containerPath, hostPath, readOnly: false };
      }),
    );
  }

  async #messageMount({ pod, container, attempt }: ContainerFiles): Promise<Mount> {
    const hostPath = this.#options.directories.terminationMessage(uidOf(pod), container.name, attempt);
    await mkdir(dirname(hostPath), { recursive: true, mode: 0o750 });
    // Whoever the container runs as may write it.
    await writeFile(hostPath, '', { mode: 0o666, flag: 'a' });
    await chmod(hostPath, 0o666);
    return { containerPath: container.terminationMessagePath || defaultMessagePath, hostPath, readOnly: false };
  }
}

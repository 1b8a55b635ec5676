/** Removes what this node has made on the host: containers, network, mounts. Its data directory stays. */
import { join } from 'node:path';
import { systemClock } from '@naru/api/clock';
import type { Config } from './config.ts';
import { NodeDirectories } from './volumes/node-directories.ts';

/** Agents of the node must have ended. What is not there is no error; an engine that does not answer is. */
export async function tearDown(config: Config): Promise<void> {
  if (config.runtime === 'fake') return;
  await removeContainers(config);
  const { removeNetwork } = await import('./network/remove-network.ts');
  await removeNetwork(config.clusterId);
  await removeFiles(new NodeDirectories(join(config.dataDir, 'nodes', config.nodeName)));
}

async function removeContainers({ dockerSocket, clusterId, nodeName }: Config): Promise<void> {
  const { DockerRuntime } = await import('./runtime/docker/docker-runtime.ts');
  const runtime = new DockerRuntime({
    socketPath: dockerSocket,
    owner: { clusterId, nodeName },
    clock: systemClock,
    protectedPaths: [],
    kill: () => {},
    onError: () => {},
  });
  const { sandboxes, containers } = await runtime.list();
  await Promise.all(containers.map(({ id }) => runtime.removeContainer(id)));
  await Promise.all(sandboxes.map(({ id }) => runtime.removeSandbox(id)));
  await runtime.close();
}

async function removeFiles(directories: NodeDirectories): Promise<void> {
  const { systemMounts } = await import('./volumes/mounts.ts');
  const { rm } = await import('node:fs/promises');
  for (const target of await systemMounts.below(directories.root)) await systemMounts.unmount(target);
  for (const directory of [directories.pods, directories.volatile])
    await rm(directory, { recursive: true, force: true });
}

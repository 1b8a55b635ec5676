/** `naru up`, first half: everything that must be there before the two processes start, then the plan that scripts/up runs. */
import { networkInterfaces, totalmem } from 'node:os';
import { join } from 'node:path';
import { existsSync, readFileSync } from 'node:fs';
import { isBuilt, pageDirectory } from '../dashboard/page-build.ts';
import { ensurePki } from '../pki/cluster-pki.ts';
import { makePrivateDirectory, writePrivateFile } from '../pki/private-files.ts';
import { writeDashboardAddress } from '../dashboard/dashboard-address.ts';
import { bundlePrograms } from './bundle.ts';
import { ensureEngine } from './engine.ts';
import { UsageError, type UpOptions } from './options.ts';
import { choosePorts, type Ports } from './ports.ts';
import type { Progress } from './progress.ts';
import { runCommand } from './run-command.ts';
import { shellPlan, type UpPlan } from './shell-plan.ts';

export interface PrepareRequest {
  options: UpOptions;
  repository: string;
  /** File that scripts/up sources. */
  planPath: string;
  userId: number;
  now: () => number;
  progress: Progress;
}

/** Throws UsageError for what a person must mend. */
export async function prepareUp({
  options,
  repository,
  planPath,
  userId,
  now,
  progress,
}: PrepareRequest): Promise<void> {
  const { dataDirectory, port } = options;
  const logDirectory = join(dataDirectory, 'logs');
  makePrivateDirectory(logDirectory);
  await assertNotHeld(dataDirectory);
  if (options.runtime === 'docker') {
    if (userId !== 0) throw new UsageError('pods on Docker need root for their network; use sudo, or --runtime fake');
    const { dockerSocket: socket, install, demo } = options;
    await ensureEngine({ socket, install, demo, userId, logDirectory, progress });
  }
  const ports = await choosePorts(options);
  const addresses = hostAddresses();
  const { clusterId, adminKubeconfig } = await ensurePki({
    dataDirectory,
    port,
    serverNames: [options.ranges.apiService, options.nodeName, ...addresses],
    nodes: [{ name: options.nodeName, addresses, playsMany: options.runtime === 'fake' }],
    now: now(),
  });
  writePrivateFile(join(dataDirectory, 'run/admin.kubeconfig'), adminKubeconfig);
  const programs = await bundlePrograms(repository, dataDirectory);
  const address = addresses[0] ?? '127.0.0.1';
  const plan = planOf(options, { repository, programs, clusterId, address, ports });
  writePrivateFile(join(dataDirectory, 'run/agent.json'), JSON.stringify(plan.agentFlags));
  writeDashboardAddress(dataDirectory, ports.dashboard && { port: ports.dashboard, address });
  writePrivateFile(planPath, shellPlan(plan));
}

interface Surroundings {
  repository: string;
  programs: string;
  clusterId: string;
  /** The address others reach this machine by. */
  address: string;
  ports: Ports;
}

function planOf(
  options: UpOptions,
  { repository, programs, clusterId, address, ports }: Surroundings,
): UpPlan & { agentFlags: readonly string[] } {
  const { dataDirectory, port, nodeName, ranges } = options;
  const node = (heapMegabytes: number, program: string) => [
    process.execPath,
    `--max-old-space-size=${heapMegabytes}`,
    join(programs, `${program}.mjs`),
  ];
  const heap = Math.min(4096, Math.max(512, Math.floor(totalmem() / 2 ** 20 / 2)));
  const base = ['--data-dir', dataDirectory];
  const page = pageDirectory(repository);
  const main = [process.execPath, '--disable-warning=ExperimentalWarning', join(repository, 'cli/src/main.ts')];
  const agentFlags = [
    ...base,
    ...['--server', `https://127.0.0.1:${port}`, '--node-name', nodeName, '--node-ip', address],
    ...['--cluster-id', clusterId, '--runtime', options.runtime, '--nodes', String(options.nodes)],
    ...['--docker-socket', options.dockerSocket, '--port', String(ports.kubelet)],
    ...['--service-cluster-ip-range', ranges.services, '--cluster-dns', ranges.clusterDns],
  ];
  return {
    dataDirectory,
    server: [
      ...[...node(heap, 'server'), ...base, '--port', String(port), '--advertise-address', address],
      ...['--pod-cidr', ranges.pods, '--service-cluster-ip-range', ranges.services],
      ...['--dashboard-port', String(ports.dashboard), '--dashboard-dir', page],
    ],
    agentFlags,
    agent: [...node(1024, 'kubelet-lite'), ...agentFlags],
    announce: [
      ...main,
      ...['announce', '--data-dir', dataDirectory, '--port', String(port), '--docker-socket', options.dockerSocket],
      ...(options.demo ? ['--demo'] : []),
    ],
    // At a low priority: whoever came for the API is not to feel it.
    buildDashboard: ports.dashboard && !isBuilt(page) ? ['nice', '-n', '10', ...main, 'build-dashboard'] : undefined,
  };
}

// The lock is the kernel's, held by scripts/up and its children: it cannot be left behind by a crash.
async function assertNotHeld(dataDirectory: string): Promise<void> {
  const lock = join(dataDirectory, 'lock');
  if (!existsSync(lock)) return;
  if ((await runCommand('flock', ['--nonblock', lock, 'true'])).code === 0) return;
  throw new UsageError(`${dataDirectory} is in use: ${readFileSync(lock, 'utf8').trim()}`);
}

/** IPv4 addresses of this machine that others can reach, without those of container bridges. */
function hostAddresses(): string[] {
  return Object.entries(networkInterfaces())
    .filter(([name]) => !/^(docker|br-|veth|nr|naru|virbr)/.test(name))
    .flatMap(([, list]) => list ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}

/** Puts the agent of one real node together: engine, network, files, pods, and the two ways to the API. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from '@naru/api/client/client';
import { Informer } from '@naru/api/client/informer';
import type { Clock } from '@naru/api/clock';
import { eventRecorder } from '@naru/api/events/event-recorder';
import type { Logger } from 'pino';
import { claimSource } from './apiserver/claims.ts';
import { renewLease } from './apiserver/renew-lease.ts';
import { reportNode } from './apiserver/report-node.ts';
import { ServiceAccountTokens } from './apiserver/service-account-tokens.ts';
import { watchPods } from './apiserver/watch-pods.ts';
import { protectedPaths, type Config, type Credentials } from './config.ts';
import { FollowedObjects } from './config-objects/followed-objects.ts';
import type { LinkedService } from './environment/service-links.ts';
import { servePods } from './http/serve-pods.ts';
import { nodeFigures } from './metrics/node-figures.ts';
import { services as serviceResource } from './network/api-objects.ts';
import { startNetwork } from './network/network.ts';
import { hasAppArmor } from './node/app-armor.ts';
import { readMachine } from './node/machine.ts';
import { nodeStatus } from './node/node-status.ts';
import { oomScoreFloor } from './node/oom-score-floor.ts';
import { observeNode } from './node/observe-node.ts';
import { registerUntilDone } from './node/register-until-done.ts';
import { buildPods } from './pods/build-pods.ts';
import { clearOrphans } from './pods/orphans.ts';
import { attachablePods } from './pods/sandbox-labels.ts';
import { prober } from './probes/prober.ts';
import { DockerRuntime } from './runtime/docker/docker-runtime.ts';
import { StatusWriter } from './status/status-writer.ts';
import { systemMounts } from './volumes/mounts.ts';
import { NodeDirectories } from './volumes/node-directories.ts';
import { NodeLocalVolumes } from './volumes/local-volumes.ts';
import { NodePodFiles } from './volumes/node-pod-files.ts';
import { NodeVolumes } from './volumes/pod-volumes.ts';

export interface AgentParts {
  config: Config;
  credentials: Credentials;
  client: Client;
  clock: Clock;
  log: Logger;
  kubeletVersion: string;
}

const orphansEvery = 60_000;

/** Resolves when the node serves its pods; that waits for the API and the engine as long as it takes. */
export async function buildAgent({ config, credentials, client, clock, log, kubeletVersion }: AgentParts) {
  const { nodeName, clusterId, nodeIp, dataDir, clusterDns, clusterDomain } = config;
  const ending = new AbortController();
  const { signal } = ending;
  const warn = (message: string) => (error: unknown) => log.warn({ err: error }, message);
  const machine = readMachine();
  const directories = new NodeDirectories(join(dataDir, 'nodes', nodeName));
  mkdirSync(directories.pods, { recursive: true, mode: 0o700 });
  const forbidden = protectedPaths(config);
  const provisionedRoot = join(dataDir, 'volumes');
  const runtime = new DockerRuntime({
    socketPath: config.dockerSocket,
    owner: { clusterId, nodeName },
    clock,
    protectedPaths: forbidden,
    kill: (pid, name) => process.kill(pid, name),
    onError: warn('the engine could not be looked at'),
  });
  const registered = await registerUntilDone({
    ...{ client, clock, nodeName, machine, signal },
    onError: warn('the node could not be registered'),
  });
  const stopLease = renewLease({ client, clock, nodeName, onError: warn('the lease could not be renewed') });
  const network = await startNetwork({
    ...{ client, clock, log: log.child({ component: 'network' }), signal },
    ...{ clusterId, nodeName, nodeIp, clusterDns, clusterDomain },
    podCidr: registered.podCidr,
    serviceCidr: config.serviceCidr,
    openPorts: [Number(new URL(credentials.connection.server).port || 443)],
  });
  const { sandboxes } = await runtime.list();
  await network.adopt(attachablePods(sandboxes));

  const serviceInformer = new Informer<LinkedService>({
    ...{ client, clock, resource: serviceResource },
    onError: warn('services could not be watched'),
  });
  void serviceInformer.run(signal);
  const tokens = new ServiceAccountTokens(client, clock);
  const objects = new FollowedObjects({
    ...{ client, clock },
    onChange: (uid) => workers.wake(uid),
    onError: warn('a ConfigMap or Secret could not be watched'),
  });
  const volumes = new NodeVolumes({
    ...{ directories, mounts: systemMounts, source: objects, tokens },
    claims: claimSource(client),
    rules: { protectedPaths: forbidden },
    provisionedRoot,
    following: objects,
  });
  const version = await runtime.version();
  const identity = { name: nodeName, address: nodeIp, port: config.port, kubeletVersion, maxPods: config.maxPods };
  const observe = () => observeNode(runtime, dataDir);
  const { allocatable } = nodeStatus(identity, machine, await observe(), { previous: [], now: '' });
  const recorder = eventRecorder({ client, clock, log, component: 'kubelet', instance: nodeName, host: nodeName });
  const { context, workers } = buildPods({
    clock,
    random: Math.random,
    node: {
      ...{ name: nodeName, ip: nodeIp, clusterDomain, allocatable },
      memoryCapacity: machine.memoryBytes,
      leastOomScoreAdj: oomScoreFloor(),
      hasAppArmor: hasAppArmor(),
      allowedUnsafeSysctls: config.allowedUnsafeSysctls,
    },
    runtime,
    runtimeName: version.name,
    network,
    files: new NodePodFiles({
      ...{ directories, volumes, mounts: systemMounts, processId: process.pid, clusterDomain },
      resolvConf: (pod) => network.resolvConf(pod),
      onDnsWarning: (pod, message) => context.events.pod(pod, 'Warning', 'DNSConfigForming', message),
      seccompRoot: join(dataDir, 'seccomp'),
      recursiveReadOnlyMounts: version.recursiveReadOnlyMounts,
    }),
    source: objects,
    services() {
      if (serviceInformer.hasSynced) return serviceInformer.list();
      throw new Error('services have not yet been read at least once, cannot construct envvars');
    },
    prober: prober(runtime),
    statuses: new StatusWriter({
      ...{ client, clock },
      onError: (pod, error) => log.warn({ err: error, pod: pod.metadata.name }, 'a status could not be written'),
    }),
    recorder,
    onError: (pod, error) =>
      log.warn({ err: error, namespace: pod.metadata.namespace, pod: pod.metadata.name }, 'a pod could not be synced'),
  });
  runtime.onChange(({ uid }) => workers.wake(uid));
  const pods = watchPods(
    {
      ...{ client, clock, nodeName },
      update: (pod) => workers.update(pod),
      remove: (pod) => workers.remove(pod),
      onError: warn('pods could not be watched'),
    },
    signal,
  );
  const clear = () => clearOrphans(context, workers, pods.uids()).catch(warn('remains of pods could not be cleared'));
  void pods.synced.then(async function repeat(): Promise<void> {
    await clear();
    if (!signal.aborted) clock.after(orphansEvery, () => void repeat());
  });
  const figures = nodeFigures({ clock, runtime, directory: dataDir, pods: () => workers.pods() });
  const api = await servePods({
    ...{ config, credentials, workers, runtime, clock, log, figures },
    volumes: new NodeLocalVolumes(provisionedRoot, clusterId),
    version: kubeletVersion,
  });
  const report = reportNode({
    ...{ client, clock, recorder, identity, machine, observe, node: registered },
    onError: warn('the node status could not be written'),
  });
  log.info({ node: nodeName, podCidr: registered.podCidr }, 'the node serves');

  return {
    /** Stops probing and watching; containers run on. */
    async stop() {
      ending.abort();
      report.stop();
      stopLease();
      workers.close();
      await api.close();
      await network.close();
      await runtime.close();
    },
  };
}

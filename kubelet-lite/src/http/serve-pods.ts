/** Opens the kubelet API over a node's pods, with its pages of figures. */
import { readFile } from 'node:fs/promises';
import type { Clock } from '@naru/api/clock';
import type { Logger } from 'pino';
import type { Config, Credentials } from '../config.ts';
import { Sampler, type RunningPod } from '../metrics/sampler.ts';
import { summaryOf } from '../metrics/summary.ts';
import { uidOf, type Pod } from '../pods/pod.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { LocalVolumes } from '../volumes/local-volumes.ts';
import { startKubeletApi } from './kubelet-api.ts';
import { nodePodDirectory, type NodePods } from './node-pod-directory.ts';

export interface ServedPods {
  config: Pick<Config, 'port' | 'nodeName'>;
  credentials: Pick<Credentials, 'tls'>;
  workers: NodePods & { pods(): Pod[] };
  runtime: ContainerRuntime;
  volumes: LocalVolumes;
  clock: Clock;
  log: Logger;
}

export async function servePods({ config, credentials, workers, runtime, volumes, clock, log }: ServedPods) {
  const startedAt = new Date(clock.now()).toISOString();
  const warn = (message: string) => (error: unknown) => log.warn({ err: error }, message);
  const sampler = new Sampler({
    clock,
    read: (path) => readFile(path, 'utf8'),
    running: () => runningPods(workers.pods(), runtime),
    onError: warn('usage could not be read'),
  });
  sampler.start();
  const json = (value: () => unknown) => () =>
    Promise.resolve({ type: 'application/json', body: JSON.stringify(value()) });
  const api = await startKubeletApi({
    port: config.port,
    tls: credentials.tls,
    directory: nodePodDirectory(workers, runtime),
    runtime,
    volumes,
    pages: new Map([
      ['/healthz', () => Promise.resolve({ type: 'text/plain; charset=utf-8', body: 'ok' })],
      ['/pods', json(() => ({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: workers.pods() }))],
      [
        '/stats/summary',
        async () => {
          const sample = sampler.latest ?? (await sampler.sample());
          const summary = summaryOf(sample, { nodeName: config.nodeName, nodeStartedAt: startedAt });
          return { type: 'application/json', body: JSON.stringify(summary) };
        },
      ],
    ]),
    now: () => clock.now(),
    onError: warn('a request of the kubelet API failed'),
  });
  return {
    async close() {
      sampler.stop();
      await api.close();
    },
  };
}

async function runningPods(pods: readonly Pod[], runtime: Pick<ContainerRuntime, 'pod'>): Promise<RunningPod[]> {
  const running: RunningPod[] = [];
  for (const pod of pods) {
    const { sandboxes, containers } = await runtime.pod(uidOf(pod));
    const sandbox = sandboxes.find((each) => each.running);
    if (!sandbox) continue;
    running.push({
      pod: sandbox.pod,
      startedAt: sandbox.createdAt,
      sandboxPid: pod.spec.hostNetwork ? 0 : sandbox.pid,
      containers: containers
        .filter(({ state }) => state === 'running')
        .map(({ pod: identity, id, name, pid, startedAt }) => ({ pod: identity, id, name, pid, startedAt })),
    });
  }
  return running;
}

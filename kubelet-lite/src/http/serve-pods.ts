/** Opens the kubelet API over a node's pods, with its pages of figures. */
import type { Clock } from '@naru/api/clock';
import type { Logger } from 'pino';
import type { Config, Credentials } from '../config.ts';
import type { Pod } from '../pods/pod.ts';
import type { ContainerRuntime } from '../runtime/container-runtime.ts';
import type { LocalVolumes } from '../volumes/local-volumes.ts';
import { figurePages, type FigurePages } from './figure-pages.ts';
import { startKubeletApi } from './kubelet-api.ts';
import { nodePodDirectory, type NodePods } from './node-pod-directory.ts';

export interface ServedPods extends Pick<FigurePages, 'figures' | 'version'> {
  config: Pick<Config, 'port' | 'nodeName'>;
  credentials: Pick<Credentials, 'tls'>;
  workers: NodePods & { pods(): Pod[] };
  runtime: ContainerRuntime;
  volumes: LocalVolumes;
  clock: Clock;
  log: Logger;
}

export async function servePods(served: ServedPods) {
  const { config, credentials, workers, runtime, volumes, clock, log, figures, version } = served;
  const warn = (message: string) => (error: unknown) => log.warn({ err: error }, message);
  const json = (value: () => unknown) => () =>
    Promise.resolve({ type: 'application/json', body: JSON.stringify(value()) });
  // A first look now, so that the first one asked for can tell rates.
  void figures.sample().catch(warn('usage could not be read'));
  return startKubeletApi({
    port: config.port,
    tls: credentials.tls,
    directory: nodePodDirectory(workers, runtime),
    runtime,
    volumes,
    pages: new Map([
      ['/healthz', () => Promise.resolve({ type: 'text/plain; charset=utf-8', body: 'ok' })],
      ['/pods', json(() => ({ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: workers.pods() }))],
      ...figurePages({ nodeName: config.nodeName, version, clock, figures }),
    ]),
    now: () => clock.now(),
    onError: warn('a request of the kubelet API failed'),
  });
}

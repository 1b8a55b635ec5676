/** The flags of `naru up`, checked. */
import { homedir, hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { rangesOf, type Ranges } from './ranges.ts';
import { UsageError } from './usage-error.ts';

export interface UpOptions {
  dataDirectory: string;
  port: number;
  /** Of the node's own listener; 0: the usual one, and with the fake runtime another when it is taken. */
  kubeletPort: number;
  runtime: 'docker' | 'fake';
  /** Fake nodes to run; 1 with Docker. */
  nodes: number;
  nodeName: string;
  install: boolean;
  demo: boolean;
  dockerSocket: string;
  ranges: Ranges;
  /** 0: no dashboard. */
  dashboardPort: number;
  /** Whether a person asked for this very port; the usual one gives way when it is taken. */
  dashboardPortAsked: boolean;
}

export const usualDashboardPort = 8443;

export { UsageError };

/** Where the distribution's engine listens. */
export const usualDockerSocket = '/var/run/docker.sock';

/** Like DESIGN's default: /var/lib/naru for root, else a folder of the user's own. */
export function defaultDataDirectory(userId: number, home = homedir()): string {
  return userId === 0 ? '/var/lib/naru' : join(home, '.local/share/naru');
}

export function parseUpOptions(argv: readonly string[], userId: number): UpOptions {
  const { values } = parse(argv);
  const runtime = values.runtime ?? 'docker';
  if (runtime !== 'docker' && runtime !== 'fake') throw new UsageError(`--runtime is docker or fake, not ${runtime}`);
  const nodes = wholeNumber('--nodes', values.nodes ?? '1', 1, 10_000);
  if (nodes > 1 && runtime === 'docker') throw new UsageError('--nodes is for --runtime fake; one engine is one node');
  if (values.demo && runtime === 'fake')
    throw new UsageError('--demo runs containers, which --runtime fake has none of');
  return {
    dataDirectory: resolve(values['data-dir'] ?? defaultDataDirectory(userId)),
    port: wholeNumber('--port', values.port ?? '6443', 1, 65_535),
    kubeletPort: wholeNumber('--kubelet-port', values['kubelet-port'] ?? '0', 0, 65_535),
    runtime,
    nodes,
    // Like the kubelet: the host's name in lower case is the node's.
    nodeName: (values['node-name'] ?? hostname()).toLowerCase(),
    install: !values['no-install'],
    demo: values.demo ?? false,
    dockerSocket: values['docker-socket'] ?? usualDockerSocket,
    ranges: rangesOf(
      {
        ...(values['pod-cidr'] !== undefined && { pods: values['pod-cidr'] }),
        ...(values['service-cidr'] !== undefined && { services: values['service-cidr'] }),
      },
      nodes,
    ),
    ...dashboardOptions(values),
  };
}

type DashboardFlags = { 'dashboard-port'?: string | undefined; 'no-dashboard'?: boolean | undefined };

function dashboardOptions(flags: DashboardFlags): Pick<UpOptions, 'dashboardPort' | 'dashboardPortAsked'> {
  const asked = flags['dashboard-port'];
  if (flags['no-dashboard'] && asked !== undefined && asked !== '0')
    throw new UsageError('--no-dashboard and --dashboard-port exclude each other');
  if (flags['no-dashboard']) return { dashboardPort: 0, dashboardPortAsked: true };
  const dashboardPort = wholeNumber('--dashboard-port', asked ?? String(usualDashboardPort), 0, 65_535);
  return { dashboardPort, dashboardPortAsked: asked !== undefined };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        'data-dir': { type: 'string' },
        port: { type: 'string' },
        'kubelet-port': { type: 'string' },
        runtime: { type: 'string' },
        nodes: { type: 'string' },
        'node-name': { type: 'string' },
        'docker-socket': { type: 'string' },
        'pod-cidr': { type: 'string' },
        'service-cidr': { type: 'string' },
        'dashboard-port': { type: 'string' },
        'no-dashboard': { type: 'boolean' },
        'no-install': { type: 'boolean' },
        demo: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function wholeNumber(flag: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!/^\d{1,6}$/.test(text) || value < least || value > most) {
    throw new UsageError(`${flag} is a whole number from ${least} to ${most}, not ${text}`);
  }
  return value;
}

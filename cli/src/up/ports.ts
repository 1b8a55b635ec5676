/** Which ports the cluster listens on: those that were asked for, or the usual ones where they are free. */
import { createServer } from 'node:net';
import { UsageError, type UpOptions } from './options.ts';

const usualKubeletPort = 10_250;

export interface Ports {
  kubelet: number;
  /** 0: no dashboard. */
  dashboard: number;
}

/** Throws UsageError when a port that must be the given one is taken. */
export async function choosePorts(options: UpOptions): Promise<Ports> {
  await assertPortFree(options.port, '--port');
  return { kubelet: await chooseKubeletPort(options), dashboard: await chooseDashboardPort(options) };
}

/** Where nothing really runs, several clusters may share a machine: the second takes whatever port is free. */
async function chooseKubeletPort({ kubeletPort, runtime }: UpOptions): Promise<number> {
  const wanted = kubeletPort || usualKubeletPort;
  if (runtime === 'fake' && !kubeletPort) return (await isFree(wanted)) ? wanted : listenOnce(0);
  await assertPortFree(wanted, '--kubelet-port');
  return wanted;
}

async function chooseDashboardPort({ dashboardPort, dashboardPortAsked, port }: UpOptions): Promise<number> {
  if (dashboardPort === 0) return 0;
  if (dashboardPortAsked) {
    await assertPortFree(dashboardPort, '--dashboard-port');
    return dashboardPort;
  }
  for (let candidate = dashboardPort; candidate < dashboardPort + 10; candidate++)
    if (candidate !== port && (await isFree(candidate))) return candidate;
  throw new UsageError('the usual ports of the dashboard are taken; choose one with --dashboard-port, or 0 for none');
}

async function assertPortFree(port: number, flag: string): Promise<void> {
  if (!(await isFree(port))) throw new UsageError(`port ${port} is taken by another program; choose one with ${flag}`);
}

async function isFree(port: number): Promise<boolean> {
  try {
    await listenOnce(port);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return false;
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/** Returns the port that was listened on for a moment; of 0, one that is free. */
function listenOnce(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

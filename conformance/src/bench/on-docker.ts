/** A host of the bench's own with an engine and Naru, for rows that need containers. Needs root. */
import { join } from 'node:path';
import { program } from '../harness/run-program.ts';
import { startNaru } from '../harness/running-naru.ts';
import { startTestHost } from '../harness/test-host.ts';

/** Rows of on-docker-main.ts. */
export const rowsOnDocker = ['pod-start', 'service-network'];

/** The lines that on-docker-main.ts prints there for these rows. */
export async function measureOnDocker(repository: string, directory: string, rows: readonly string[]): Promise<string> {
  const host = await startTestHost('bench', join(directory, 'host'));
  try {
    const env = { ...process.env, DOCKER_HOST: `unix://${host.dockerSocket}` };
    await program('sh', [join(repository, 'conformance/images/build'), 'busybox', 'node'], { env, seconds: 300 });
    const dataDirectory = join(directory, 'data');
    const flags = ['--docker-socket', host.dockerSocket, '--no-install', '--no-dashboard'];
    const naru = await startNaru({ repository, dataDirectory, flags, enter: host.enter, port: 6443 });
    const [enter = '', ...rest] = host.enter;
    try {
      const main = ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'on-docker-main.ts'), ...rows];
      const inside = { env: { ...env, NARU_KUBECONFIG: naru.kubeconfig }, seconds: 900 };
      return await program(enter, [...rest, process.execPath, ...main], inside);
    } finally {
      await naru.stop();
      await program(enter, [...rest, join(repository, 'naru'), 'down', '--data-dir', dataDirectory]);
    }
  } finally {
    await host.close();
  }
}

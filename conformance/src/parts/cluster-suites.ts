/** The suites against a running cluster: one on the fake runtime, two on a Docker Engine in a network namespace of its own, of which one looks at the dashboard in Chromium. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { program } from '../harness/run-program.ts';
import { startNaru } from '../harness/running-naru.ts';
import { startTestHost } from '../harness/test-host.ts';
import { sumOf, type PartContext, type PartResult } from './part.ts';
import { runJest } from './run-jest.ts';

export type SuiteName = 'fake' | 'docker' | 'dashboard';

export async function clusterSuites(runtime: SuiteName, { repository }: PartContext): Promise<PartResult> {
  const directory = mkdtempSync(join(tmpdir(), `naru-${runtime}-`));
  try {
    return await (runtime === 'fake' ? onFake(repository, directory) : onDocker(runtime, repository, directory));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

const images = {
  docker: ['busybox', 'hello', 'nginx', 'node', 'agnhost', 'pause'],
  dashboard: ['busybox', 'nginx', 'bare'],
};

const suites = (runtime: string) => `conformance/src/suites/${runtime}/`;

async function onFake(repository: string, directory: string): Promise<PartResult> {
  const naru = await startNaru({ repository, dataDirectory: join(directory, 'data'), flags: ['--runtime', 'fake'] });
  try {
    const env = { ...process.env, NARU_KUBECONFIG: naru.kubeconfig, NARU_RUNTIME: 'fake' };
    return await runJest({
      repository,
      config: join(repository, 'conformance/jest.config.js'),
      args: [suites('fake')],
      env,
    });
  } finally {
    await naru.stop();
  }
}

async function onDocker(suite: 'docker' | 'dashboard', repository: string, directory: string): Promise<PartResult> {
  if (process.getuid?.() !== 0)
    throw new Error('the suites on Docker need root: they make network namespaces and start an engine');
  const host = await startTestHost(suite === 'docker' ? 'ct' : 'db', join(directory, 'host'));
  const dataDirectory = join(directory, 'data');
  try {
    const dockerHost = `unix://${host.dockerSocket}`;
    await program('sh', [join(repository, 'conformance/images/build'), ...images[suite]], {
      env: { ...process.env, DOCKER_HOST: dockerHost },
      seconds: 300,
    });
    if (suite === 'dashboard') await program(join(repository, 'naru'), ['build-dashboard'], { seconds: 300 });
    const dashboard = suite === 'dashboard' ? ['--dashboard-port', '8443'] : [];
    // A name that stands in nothing else, so that recorded conversations know it again wherever it stands.
    const flags = ['--docker-socket', host.dockerSocket, '--no-install', '--node-name', 'naru-node', ...dashboard];
    const naru = await startNaru({ repository, dataDirectory, flags, enter: host.enter, port: 6443 });
    const engineEnv = { ...process.env, NARU_TEST_ENGINE: host.dockerSocket };
    const env = {
      ...process.env,
      NARU_KUBECONFIG: naru.kubeconfig,
      NARU_RUNTIME: 'docker',
      NARU_OUTSIDE: host.enterOutside.join(' '),
      DOCKER_HOST: dockerHost,
    };
    const jest = { repository, prefix: host.enter };
    const contract = { ...jest, config: join(repository, 'jest.config.js'), args: runtimeContract, env: engineEnv };
    const results = [
      ...(suite === 'docker' ? [await runJest(contract)] : []),
      await runJest({
        ...jest,
        config: join(repository, 'conformance/jest.config.js'),
        args: ['--runInBand', suites(suite)],
        env,
      }),
    ];
    await naru.stop();
    const [enter = '', ...rest] = host.enter;
    await program(enter, [...rest, join(repository, 'naru'), 'down', '--data-dir', dataDirectory]);
    return sumOf(results);
  } finally {
    await host.close();
  }
}

/** What the agent asks of an engine, of this one. */
const runtimeContract = ['--runInBand', 'kubelet-lite/src/runtime/docker/docker-runtime.test.ts'];

import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { systemClock } from '@naru/api/clock';
import { containerRuntimeContract } from '../container-runtime.contract.ts';
import { DockerRuntime } from './docker-runtime.ts';
import { Engine } from './engine.ts';
import { sandboxImage } from './names.ts';

// An engine of the tests' own, never a user's: conformance starts one with busybox:1.36 in it and names its socket.
const socketPath = process.env['NARU_TEST_ENGINE'];

const newRuntime = (socketPath: string) =>
  new DockerRuntime({
    socketPath,
    owner: { clusterId: 'c0117ac7', nodeName: 'contract' },
    clock: systemClock,
    protectedPaths: [socketPath],
    kill: (pid, signal) => process.kill(pid, signal),
    onError: () => {},
  });

if (socketPath) {
  containerRuntimeContract('DockerRuntime', () => {
    const runtime = newRuntime(socketPath);
    return Promise.resolve({
      runtime,
      image: 'busybox:1.36',
      runs: ['sleep', '1000'],
      ends: (exitCode: number) => ['sh', '-c', `exit ${exitCode}`],
      async until(condition: () => Promise<boolean>) {
        const deadline = systemClock.now() + 10_000;
        while (!(await condition()))
          if (systemClock.now() > deadline) throw new Error('the condition does not hold after ten seconds');
          else await new Promise((resolve) => setTimeout(resolve, 20));
      },
      async clear() {
        const { sandboxes, containers } = await runtime.list();
        for (const { id } of [...containers, ...sandboxes]) await runtime.removeContainer(id);
      },
    });
  });

  test('pods that start together on an engine without the image of sandboxes bring it once', async () => {
    const engine = new Engine(socketPath);
    const nameless = async () => {
      const query = { filters: JSON.stringify({ dangling: ['true'] }) };
      const what = 'list images without a name';
      return (await engine.call<unknown[]>({ what, method: 'GET', path: '/images/json', query })).length;
    };
    const runtime = newRuntime(socketPath);
    const path = `/images/${sandboxImage}`;
    await engine.call({ what: 'remove the image', method: 'DELETE', path, query: { force: '1' } }).catch(() => {});
    const before = await nameless();
    const sandboxes = await Promise.all(
      [1, 2, 3, 4].map(() =>
        runtime.runSandbox({
          pod: { uid: randomUUID(), name: 'pod', namespace: 'contract' },
          ...{ attempt: 0, hostname: 'pod', hostNetwork: false, hostPid: false, hostIpc: false },
          ...{ shareProcessNamespace: false, sysctls: {}, labels: {} },
        }),
      ),
    );
    expect(await nameless()).toBe(before);
    await Promise.all(sandboxes.map(({ id }) => runtime.removeSandbox(id)));
    await runtime.close();
  });
} else {
  describe('DockerRuntime as a ContainerRuntime', () => {
    test.skip('needs the socket of an engine of its own in NARU_TEST_ENGINE', () => {});
  });
}

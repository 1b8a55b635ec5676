import { describe, test } from '@jest/globals';
import { systemClock } from '@naru/api/clock';
import { containerRuntimeContract } from '../container-runtime.contract.ts';
import { DockerRuntime } from './docker-runtime.ts';

// An engine of the tests' own, never a user's: conformance starts one with busybox:1.36 in it and names its socket.
const socketPath = process.env['NARU_TEST_ENGINE'];

if (socketPath) {
  containerRuntimeContract('DockerRuntime', () => {
    const runtime = new DockerRuntime({
      socketPath,
      owner: { clusterId: 'c0117ac7', nodeName: 'contract' },
      clock: systemClock,
      protectedPaths: [socketPath],
      kill: (pid, signal) => process.kill(pid, signal),
      onError: () => {},
    });
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
} else {
  describe('DockerRuntime as a ContainerRuntime', () => {
    test.skip('needs the socket of an engine of its own in NARU_TEST_ENGINE', () => {});
  });
}

import { FakeClock } from '@naru/api/clock';
import { containerRuntimeContract } from './container-runtime.contract.ts';
import { FakeRuntime } from './fake-runtime.ts';

containerRuntimeContract('FakeRuntime', () => {
  const clock = new FakeClock();
  const runtime = new FakeRuntime({
    clock,
    hasImage: (reference) => !reference.startsWith('naru.invalid/'),
    behaviour: ({ command }) =>
      command[0] === 'exit' ? { exitCode: Number(command[1]), afterMilliseconds: 1000 } : { exitCode: 0 },
  });
  return Promise.resolve({
    runtime,
    image: 'busybox:1.36',
    runs: ['sleep', '1000'],
    ends: (exitCode: number) => ['exit', String(exitCode)],
    async until(condition: () => Promise<boolean>) {
      for (let turn = 0; turn < 10; turn++) {
        if (await condition()) return;
        clock.advance(1000);
        await Promise.resolve();
      }
      throw new Error('the condition does not hold after ten seconds');
    },
    clear: () => Promise.resolve(),
  });
});

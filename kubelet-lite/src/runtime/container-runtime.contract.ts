/** The suite that every ContainerRuntime must pass. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Container, ContainerRuntime, ContainerSpec, PodIdentity, SandboxSpec } from './container-runtime.ts';

export interface RuntimeFixture {
  runtime: ContainerRuntime;
  /** An image that is there. */
  image: string;
  /** Commands in it: one that runs until it is stopped, one that ends with the exit code. */
  runs: string[];
  ends(exitCode: number): string[];
  /** Lets time pass until the condition holds; throws when it does not within seconds. */
  until(condition: () => Promise<boolean>): Promise<void>;
  /** Removes whatever the suite has left. */
  clear(): Promise<void>;
}

export function containerRuntimeContract(name: string, make: () => Promise<RuntimeFixture>): void {
  describe(`${name} as a ContainerRuntime`, () => {
    let fixture: RuntimeFixture;
    let runtime: ContainerRuntime;
    beforeAll(async () => {
      fixture = await make();
      ({ runtime } = fixture);
    });
    afterAll(async () => {
      await fixture.clear();
      await runtime.close();
    });

    const newPod = (): PodIdentity => ({ uid: randomUUID(), name: 'pod', namespace: 'contract' });

    const sandboxSpec = (pod: PodIdentity, attempt = 0): SandboxSpec => ({
      ...{ pod, attempt, hostname: 'pod', hostNetwork: false, hostPid: false, hostIpc: false },
      ...{ shareProcessNamespace: false, sysctls: {}, labels: { 'naru.dev/contract': 'yes' } },
    });

    const containerSpec = (
      pod: PodIdentity,
      sandboxId: string,
      change: Partial<ContainerSpec> = {},
    ): ContainerSpec => ({
      ...{ pod, sandboxId, name: 'c', kind: 'container', image: fixture.image, command: fixture.runs, args: [] },
      ...{ workingDir: '', env: [{ name: 'A', value: 'b' }], mounts: [], stdin: false, stdinOnce: false, tty: false },
      ...{ attempt: 0, specHash: 'abc', resources: { cpuShares: 2 }, oomScoreAdj: 1000, terminationMessagePath: '' },
      namespaces: { network: 'sandbox', ipc: 'sandbox', pid: 'container' },
      security: {
        ...{ supplementalGroups: [], privileged: false, readOnlyRootFilesystem: false, allowPrivilegeEscalation: true },
        ...{ addCapabilities: [], dropCapabilities: [], seccomp: 'Unconfined' },
      },
      runsToCompletion: false,
      labels: {},
      ...change,
    });

    const find = async (pod: PodIdentity, id: string): Promise<Container | undefined> =>
      (await runtime.pod(pod.uid)).containers.find((container) => container.id === id);

    const started = async (change: Partial<ContainerSpec> = {}) => {
      const pod = newPod();
      const sandbox = await runtime.runSandbox(sandboxSpec(pod));
      const id = await runtime.createContainer(containerSpec(pod, sandbox.id, change));
      await runtime.startContainer(id);
      return { pod, sandbox, id };
    };

    test('says what it is', async () => {
      const { name: kind, version } = await runtime.version();
      expect(kind).toMatch(/^\w+$/);
      expect(version).not.toBe('');
    });

    test('a sandbox runs, carries its labels, and is found again', async () => {
      const pod = newPod();
      const sandbox = await runtime.runSandbox(sandboxSpec(pod));
      expect(sandbox).toMatchObject({ pod, attempt: 0, running: true });
      expect(sandbox.pid).toBeGreaterThan(0);
      expect(sandbox.labels).toMatchObject({ 'naru.dev/contract': 'yes' });
      expect((await runtime.pod(pod.uid)).sandboxes).toEqual([sandbox]);
      expect((await runtime.list()).sandboxes).toContainEqual(sandbox);
    });

    test('making a sandbox twice makes one', async () => {
      const pod = newPod();
      const first = await runtime.runSandbox(sandboxSpec(pod));
      expect((await runtime.runSandbox(sandboxSpec(pod))).id).toBe(first.id);
      expect((await runtime.pod(pod.uid)).sandboxes).toHaveLength(1);
    });

    test('removing is final, and doing it twice is no error', async () => {
      const { pod, sandbox, id } = await started();
      await runtime.stopContainer(id, 0);
      for (let time = 0; time < 2; time++) {
        await runtime.removeContainer(id);
        await runtime.removeSandbox(sandbox.id);
      }
      expect(await runtime.pod(pod.uid)).toEqual({ sandboxes: [], containers: [] });
    });

    test('a container is created, runs, and remembers what it was made of', async () => {
      const pod = newPod();
      const { id: sandboxId } = await runtime.runSandbox(sandboxSpec(pod));
      const id = await runtime.createContainer(containerSpec(pod, sandboxId, { attempt: 3, kind: 'init' }));
      expect(await find(pod, id)).toMatchObject({
        ...{ id, pod, sandboxId, name: 'c', kind: 'init', attempt: 3, specHash: 'abc', image: fixture.image },
        ...{ state: 'created', startedAt: '', finishedAt: '', pid: 0, resources: { cpuShares: 2 } },
      });
      await runtime.startContainer(id);
      const running = await find(pod, id);
      expect(running).toMatchObject({ state: 'running', exitCode: 0, error: '' });
      expect(running?.pid).toBeGreaterThan(0);
      expect(running?.startedAt).toMatch(/^\d{4}-\d\d-\d\dT/);
    });

    test('creating the same start of a container twice makes one', async () => {
      const pod = newPod();
      const { id: sandboxId } = await runtime.runSandbox(sandboxSpec(pod));
      const id = await runtime.createContainer(containerSpec(pod, sandboxId));
      expect(await runtime.createContainer(containerSpec(pod, sandboxId))).toBe(id);
      await runtime.startContainer(id);
      await runtime.startContainer(id);
      expect((await runtime.pod(pod.uid)).containers).toHaveLength(1);
    });

    test('the newest start comes first', async () => {
      const pod = newPod();
      const { id: sandboxId } = await runtime.runSandbox(sandboxSpec(pod));
      for (const attempt of [0, 1, 2]) await runtime.createContainer(containerSpec(pod, sandboxId, { attempt }));
      expect((await runtime.pod(pod.uid)).containers.map(({ attempt }) => attempt)).toEqual([2, 1, 0]);
    });

    test('a container that ends by itself keeps its exit code, and a listener hears of it', async () => {
      // Whoever looks when told sees the end; it may come before the start has been answered.
      const seenEnded = new Set<string>();
      const look = async (uid: string) => {
        if ((await runtime.pod(uid)).containers.some(({ state }) => state === 'exited')) seenEnded.add(uid);
      };
      const stop = runtime.onChange(({ uid }) => void look(uid));
      const { pod, id } = await started({ command: fixture.ends(3) });
      await fixture.until(async () => (await find(pod, id))?.state === 'exited');
      expect(await find(pod, id)).toMatchObject({ exitCode: 3, pid: 0 });
      await fixture.until(() => Promise.resolve(seenEnded.has(pod.uid)));
      stop();
    });

    test('stopping ends a container; stopping what has ended or is gone succeeds', async () => {
      const { pod, id } = await started();
      await runtime.stopContainer(id, 0);
      const stopped = await find(pod, id);
      expect(stopped?.state).toBe('exited');
      expect(stopped?.finishedAt).toMatch(/^\d{4}/);
      await runtime.stopContainer(id, 5);
      await runtime.removeContainer(id);
      await runtime.stopContainer(id, 5);
    });

    test('limits change while it runs', async () => {
      const { pod, id } = await started();
      await runtime.updateResources(id, { cpuShares: 512 });
      expect((await find(pod, id))?.resources?.cpuShares).toBe(512);
    });

    test('an image that is not there is undefined, and no container is made of it', async () => {
      expect((await runtime.image(fixture.image))?.tags).toContain(fixture.image);
      expect(await runtime.image('naru.invalid/none:1')).toBeUndefined();
      const pod = newPod();
      const { id: sandboxId } = await runtime.runSandbox(sandboxSpec(pod));
      const spec = containerSpec(pod, sandboxId, { image: 'naru.invalid/none:1' });
      await expect(runtime.createContainer(spec)).rejects.toThrow('No such image');
    });

    test('exec in a container that does not run is refused', async () => {
      const { id } = await started();
      await runtime.stopContainer(id, 0);
      await expect(runtime.exec(id, { command: ['true'], stdin: false, tty: false })).rejects.toThrow('not running');
    });
  });
}

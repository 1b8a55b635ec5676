/** Puts together any number of nodes that run nothing, in one process: for lessons, and to see how far a server goes. */
import { join } from 'node:path';
import { Informer } from '@naru/api/client/informer';
import type { AgentParts } from './build-agent.ts';
import { watchPods } from './apiserver/watch-pods.ts';
import { FakeNode } from './fleet/fake-node.ts';
import { FleetPods } from './fleet/fleet-pods.ts';
import { inTurn } from './fleet/in-turn.ts';
import { servePods } from './http/serve-pods.ts';
import { fakeFigures } from './metrics/fake-figures.ts';
import { fakeMachine, readMachine } from './node/machine.ts';
import { fakeLocalVolumes } from './volumes/local-volumes.ts';
import { nodeResource, type Node } from './node/node-object.ts';

const requestsAtOnce = 24;
/** A large fleet renews its leases as late as their 40 s safely allow. */
const renewEvery = { few: 10_000, many: 30_000 };
const many = 100;
const reportEvery = 300_000;

/** Resolves when all nodes are registered. */
export async function buildFleet({ config, credentials, client, clock, log, kubeletVersion }: AgentParts) {
  const ending = new AbortController();
  const { signal } = ending;
  const warn = (message: string) => (error: unknown) => log.warn({ err: error }, message);
  const machine = fakeMachine(readMachine());
  const names =
    config.nodes === 1
      ? [config.nodeName]
      : Array.from({ length: config.nodes }, (_, index) => `${config.nodeName}-${index}`);
  const { nodeIp: address, port, maxPods } = config;
  const nodes = new Map(
    names.map((name) => {
      const identity = { name, address, port, kubeletVersion, maxPods };
      return [name, new FakeNode(identity, machine, { client, clock })];
    }),
  );
  const known = new Informer<Node>({
    ...{ client, clock, resource: nodeResource },
    ...(config.nodes === 1 && { fieldSelector: `metadata.name=${config.nodeName}` }),
    onError: warn('nodes could not be watched'),
  });
  const pods = new FleetPods({
    ...{ client, clock, log, config },
    node(name) {
      const node = nodes.get(name);
      const podCidr = known.get(name)?.spec?.podCIDR;
      return node && podCidr ? { node, podCidr } : undefined;
    },
  });
  const ready = (node: Node) => {
    if (node.spec?.podCIDR) pods.nodeReady(node.metadata.name ?? '');
  };
  known.listen({ add: ready, update: ready });
  void known.run(signal);

  const forAll = (work: (node: FakeNode) => Promise<void>) =>
    inTurn(nodes.values(), work, {
      atOnce: requestsAtOnce,
      onError: (node, error) => log.warn({ err: error, node: node.identity.name }, 'a fake node could not be written'),
    });
  const registered: FakeNode[] = [];
  // From the first node on: while the last ones are registered, the first ones' leases would run out.
  repeat(config.nodes > many ? renewEvery.many : renewEvery.few, (node) => node.renewLease());
  repeat(reportEvery, (node) => node.report());
  await forAll(async (node) => {
    await untilDone(() => node.register());
    await node.renewLease();
    registered.push(node);
  });
  log.info({ nodes: names.length }, 'the nodes are registered');

  watchPods(
    {
      ...{ client, clock },
      ...(config.nodes === 1 && { nodeName: config.nodeName }),
      update: (pod) => pods.update(pod),
      remove: (pod) => pods.remove(pod),
      onError: warn('pods could not be watched'),
    },
    signal,
  );
  const api = await servePods({
    ...{ config, credentials, workers: pods, runtime: pods.runtime, clock, log },
    volumes: fakeLocalVolumes(join(config.dataDir, 'volumes')),
    figures: { sample: () => Promise.resolve(fakeFigures(pods.pods(), clock)) },
    version: kubeletVersion,
  });

  return {
    async stop() {
      ending.abort();
      pods.close();
      await api.close();
      await pods.runtime.close();
    },
  };

  /** Each registered node once in every period, spread over it. */
  function repeat(period: number, work: (node: FakeNode) => Promise<void>): void {
    const slices = 20;
    const turn = (slice: number) => {
      if (signal.aborted) return;
      const part = registered.filter((_, index) => index % slices === slice);
      const onError = (node: FakeNode, error: unknown) =>
        log.warn({ err: error, node: node.identity.name }, 'a fake node could not be written');
      void inTurn(part, work, { atOnce: requestsAtOnce, onError });
      clock.after(period / slices, () => turn((slice + 1) % slices));
    };
    clock.after(period / slices, () => turn(0));
  }

  async function untilDone(work: () => Promise<void>): Promise<void> {
    for (let wait = 500; ; wait = Math.min(wait * 2, 10_000)) {
      try {
        return await work();
      } catch (error) {
        log.warn({ err: error }, 'a fake node could not be registered');
        await new Promise<void>((resolve) => clock.after(wait, resolve));
      }
    }
  }
}

/** Controllers against the real API in memory, with a clock that stands still and a world that misbehaves. */
import { FakeClock } from '@naru/api/clock';
import type { Client, ResourceRef } from '@naru/api/client/client';
import type { AnyObject, KubeObject } from '@naru/api/object';
import { pino } from 'pino';
import { buildServer, type BuiltServer } from '../../build-server.ts';
import type { Controller } from '../../controllers/runtime/define-controller.ts';
import type { Pod } from '../../controllers/runtime/pod.ts';
import { pods, namespaces, serviceAccounts } from '../../controllers/runtime/resources.ts';
import { runControllers } from '../../controllers/runtime/run-controllers.ts';
import { MemoryStore } from '../../store/memory-store.ts';
import { testCredentials, type TestCredentials } from '../test-credentials.ts';
import { usualConfig } from '../test-server.ts';
import { faultyClient, Gate, type Write } from './faults.ts';
import { seeded, type Random } from './random.ts';
import { SimulatedKubelet } from './simulated-kubelet.ts';

/** Turns of the event loop in which nothing is written before nothing more is expected without time passing. */
const quietTurns = 25;
const mostTurns = 5000;
/** Milliseconds that pass one after the other until the longest back-off is over. */
const pauses = [100, 1000, 5000, 20_000, 60_000, 300_000, 600_000, 1_200_000];

let credentials: Promise<TestCredentials> | undefined;

export interface SimulationOptions {
  /** New ones each time: some keep state. */
  controllers(): Controller[];
  seed: number;
  /** Of writes, 0 to 1. */
  failureRate: number;
}

export class Simulation {
  readonly clock: FakeClock;
  readonly random: Random;
  /** Nothing that goes through it fails. */
  readonly client: Client;
  readonly kubelet: SimulatedKubelet;
  readonly namespace = 'default';
  /** Everything controllers have written, in order. */
  readonly writes: Write[] = [];
  /** What controllers have complained of once nothing failed any more. */
  readonly complaints: unknown[] = [];
  readonly #server: BuiltServer;
  readonly #options: SimulationOptions;
  readonly #gate = new Gate();
  #life = new AbortController();
  #failing = true;
  /** What began while writes failed is over. */
  #calm = false;
  #writesLeft = Infinity;

  private constructor(server: BuiltServer, clock: FakeClock, options: SimulationOptions) {
    this.#server = server;
    this.#options = options;
    this.clock = clock;
    this.random = seeded(options.seed);
    this.client = server.clientFor('system:admin');
    this.kubelet = new SimulatedKubelet(this.client, clock);
  }

  /** A server with an empty namespace, and the controllers at work. Call `stop()` when done. */
  static async start(options: SimulationOptions): Promise<Simulation> {
    const clock = new FakeClock();
    const server = await buildServer({
      config: usualConfig,
      credentials: await (credentials ??= testCredentials()),
      store: new MemoryStore({ clock }),
      clock,
      log: pino({ level: 'silent' }),
      naruVersion: '0.0.0-test',
    });
    const simulation = new Simulation(server, clock, options);
    const { client, namespace } = simulation;
    await client.for<KubeObject>(serviceAccounts).create({ metadata: { name: 'default', namespace } });
    simulation.#run();
    return simulation;
  }

  async stop(): Promise<void> {
    this.#life.abort();
    this.#gate.release();
    await this.#server.stop();
  }

  #run(): void {
    const life = (this.#life = new AbortController());
    const { random, clock } = this;
    this.#writesLeft = Infinity;
    const clientFor = (user: string) =>
      faultyClient({
        client: this.#server.clientFor(user),
        ...{ user, random, gate: this.#gate, life: life.signal },
        failureRate: () => (this.#failing ? this.#options.failureRate : 0),
        onWrite: (write) => {
          this.writes.push(write);
          if (write.resource !== 'events' && --this.#writesLeft < 0) this.restart();
        },
      });
    runControllers(this.#options.controllers(), {
      clientFor,
      clock,
      signal: life.signal,
      log: {
        debug: () => {},
        info: () => {},
        error: (fields, message) => {
          // Connections break; the informers say so and come back.
          if (this.#calm && !life.signal.aborted && message !== 'informer failed') this.complaints.push(fields);
        },
      },
      config: {
        catalog: { list: () => this.#server.api.catalog.kinds, listen: () => () => {} },
        clusterAuthority: 'PEM',
        podCidr: '10.244.0.0/16',
        hostName: 'simulation',
        secretToken: () => Promise.resolve('token'),
        nodeVolumes: {
          make: (_node, name) => Promise.resolve(`/volumes/${name}`),
          remove: () => Promise.resolve(),
          removeTemporary: () => Promise.resolve(),
        },
      },
    });
  }

  /** The process ends at once, whatever it is doing, and another begins. */
  restart(): void {
    this.#life.abort();
    this.#run();
  }

  /** It ends just when so many more writes have reached the server, before it hears of the last. */
  crashAfter(writes: number): void {
    this.#writesLeft = writes;
  }

  /** Each container of every pod that runs is seen using so many cores and bytes. */
  async measure(usage: (pod: Pod) => { cpu: number; memory: number }): Promise<void> {
    const time = this.clock.now();
    const running = (await this.list<Pod>(pods)).filter(({ status }) => status?.phase === 'Running');
    const looks = running.map((pod) => ({
      ...{ namespace: this.namespace, name: pod.metadata.name ?? '', uid: pod.metadata.uid ?? '' },
      startedAt: Date.parse(pod.status?.startTime ?? '') || time,
      containers: pod.spec.containers.map(({ name }) => ({ name, ...usage(pod) })),
      counters: {},
    }));
    this.#server.measured.keep([{ node: 'node', time, cpu: 0, memory: 0, counters: {}, pods: looks }], time);
  }

  hold = (): void => this.#gate.hold();
  release = (): void => this.#gate.release();
  breakWatches = (): void => this.#gate.break();

  async turns(count: number): Promise<void> {
    for (let turn = 0; turn < count; turn++) await new Promise(setImmediate);
  }

  /** In the namespace of the simulation, or of the cluster. */
  async list<T extends KubeObject = AnyObject>(resource: ResourceRef): Promise<T[]> {
    const { namespace } = this;
    const selection = resource.scope === 'Namespaced' ? { namespace } : {};
    return (await this.client.for<T>(resource).list(selection)).items;
  }

  /** What controllers have written of a kind with one verb. */
  written(verb: Write['verb'], { plural }: ResourceRef): Write[] {
    return this.writes.filter((write) => write.verb === verb && write.resource === plural);
  }

  /** Nothing fails any more and time passes: whatever is going to happen happens. */
  async settle(serve: () => Promise<unknown> = () => this.serveAll()): Promise<void> {
    this.#failing = false;
    this.#writesLeft = Infinity;
    this.#gate.release();
    for (let round = 0; round < 2; round++) {
      for (const pause of pauses) {
        await this.#quiet(serve);
        this.#calm = true;
        this.clock.advance(pause);
      }
    }
    await this.#quiet(serve);
  }

  /** Every pod is taken as far as it goes. */
  async serveAll(): Promise<void> {
    for (const pod of await this.list<Pod>(pods)) await this.kubelet.advance(pod);
  }

  async #quiet(serve: () => Promise<unknown>): Promise<void> {
    const { store } = this.#server.api;
    for (let quiet = 0, last = -1, turn = 0; quiet < quietTurns; turn++) {
      if (turn > mostTurns) throw new Error(`it never rests; last: ${JSON.stringify(this.writes.slice(-4))}`);
      if (quiet % 5 === 0) await serve();
      await this.turns(1);
      quiet = store.revision() === last ? quiet + 1 : 0;
      last = store.revision();
    }
  }

  async makeNamespace(name: string): Promise<void> {
    await this.client.for<KubeObject>(namespaces).create({ metadata: { name } });
  }
}

/** What may happen in any simulation, as data that fast-check can shrink; each suite adds what its users do. */
import fc from 'fast-check';
import type { Pod } from '../../controllers/runtime/pod.ts';
import { isActive, isFinished, isTerminating } from '../../controllers/runtime/pod.ts';
import { pods } from '../../controllers/runtime/resources.ts';
import type { Controller } from '../../controllers/runtime/define-controller.ts';
import { Simulation } from './simulation.ts';

export interface Step {
  do: string;
  /** What that means is the step's affair: which pod, how many, how long. */
  n: number;
}

export type Act = (simulation: Simulation, n: number) => Promise<unknown> | unknown;

const nth = <T>(list: readonly T[], n: number): T | undefined => list[n % Math.max(1, list.length)];
const listPods = (simulation: Simulation) => simulation.list<Pod>(pods);

/** What the world does. */
export const world: Record<string, Act> = {
  turns: (simulation, n) => simulation.turns(n % 8),
  time: (simulation, n) => simulation.clock.advance([10, 200, 1500, 12_000, 70_000][n % 5] ?? 0),
  serve: async (simulation, n) => {
    const pod = nth(await listPods(simulation), n);
    if (pod) await simulation.kubelet.advance(pod);
  },
  serveAll: (simulation) => simulation.serveAll(),
  restart: (simulation) => simulation.restart(),
  crash: (simulation, n) => simulation.crashAfter(n % 6),
  hold: (simulation) => simulation.hold(),
  release: (simulation) => simulation.release(),
  break: (simulation) => simulation.breakWatches(),
};

/** What happens to pods beside. */
export const podMishaps: Record<string, Act> = {
  deletePod: async (simulation, n) => {
    const pod = nth(await listPods(simulation), n);
    if (pod && !isTerminating(pod))
      await simulation.client.for(pods).delete(pod.metadata.name ?? '', simulation.namespace);
  },
  failPod: async (simulation, n) => {
    const pod = nth(await listPods(simulation), n);
    if (pod?.spec.nodeName && !isFinished(pod)) await simulation.kubelet.report(pod, 'Failed', false);
  },
  unreadyPod: async (simulation, n) => {
    const pod = nth(await listPods(simulation), n);
    if (pod?.spec.nodeName && !isFinished(pod)) await simulation.kubelet.report(pod, 'Running', false);
  },
};

/** Counts active pods that others than controllers take away. */
export class Losses {
  count = 0;

  counting(acts: Record<string, Act>): Record<string, Act> {
    return Object.fromEntries(
      Object.entries(acts).map(([name, act]) => [name, (simulation, n) => this.#counted(act, simulation, n)]),
    );
  }

  async #counted(act: Act, simulation: Simulation, n: number): Promise<void> {
    const before = (await listPods(simulation)).filter(isActive).length;
    await act(simulation, n);
    this.count += Math.max(0, before - (await listPods(simulation)).filter(isActive).length);
  }
}

export interface Property {
  controllers(): Controller[];
  /** Before the first step. */
  given(simulation: Simulation): Promise<unknown>;
  /** What users do, beside what the world does. */
  acts: Record<string, Act>;
  /** Looked at after every step. */
  always?(simulation: Simulation): Promise<void> | void;
  /** Looked at once everything has settled. */
  finally(simulation: Simulation): Promise<void> | void;
  /** How the simulation settles; absent: every pod is served until nothing happens any more. */
  settle?(simulation: Simulation): Promise<void>;
  /** Random histories. */
  runs?: number;
}

/** Checks the property over random histories. A failure shows one and the seed that repeats it; unset endOnFailure to have it shortened. */
export async function holds({ controllers, given, acts, always, settle, runs = 25, ...property }: Property) {
  const all: Record<string, Act> = { ...world, ...acts };
  const step = fc.record({ do: fc.constantFrom(...Object.keys(all)), n: fc.nat(1000) });
  const history = fc.record({
    seed: fc.nat(),
    failureRate: fc.constantFrom(0, 0.1, 0.4),
    // Long ones: short histories go well by themselves.
    steps: fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }),
  });
  await fc.assert(
    fc.asyncProperty(history, async ({ seed, failureRate, steps }) => {
      const simulation = await Simulation.start({ controllers, seed, failureRate });
      try {
        await given(simulation);
        for (const { do: name, n } of steps) {
          await all[name]?.(simulation, n);
          await simulation.turns(simulation.random.below(6));
          await always?.(simulation);
        }
        await (settle ? settle(simulation) : simulation.settle());
        await always?.(simulation);
        await property.finally(simulation);
      } finally {
        await simulation.stop();
      }
    }),
    { numRuns: runs, endOnFailure: true },
  );
}

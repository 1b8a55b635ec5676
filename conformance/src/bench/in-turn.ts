/** Naru and its yardstick in turn, A B A B …, so that a machine whose speed drifts is the same for both. */
import { processorSecondsOf } from './memory.ts';
import { generateLoad, type Load, type LoadResult } from './load.ts';

export interface Side {
  load: Load;
  /** The process that answers. */
  id: number;
}

export interface SideResult extends LoadResult {
  /** Microseconds of the process's processor time for one request: what other programs disturb least. */
  processorTime: number;
}

/** Medians of `rounds` rounds, after one that warms up and is not counted. Throws when anything was refused. */
export async function inTurn<Name extends string>(
  sides: Record<Name, Side>,
  rounds = 3,
): Promise<Record<Name, SideResult>> {
  const names = Object.keys(sides) as Name[];
  const results = new Map<Name, SideResult[]>(names.map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const name of names) {
      const result = await measure(sides[name]);
      if (round > 0) results.get(name)!.push(result);
    }
  }
  return Object.fromEntries(names.map((name) => [name, medians(results.get(name)!)])) as Record<Name, SideResult>;
}

async function measure({ load, id }: Side): Promise<SideResult> {
  const before = processorSecondsOf(id);
  const result = await generateLoad(load);
  if (result.errors) throw new Error(`${result.errors} of ${result.requests} requests to ${load.url} were refused`);
  return { ...result, processorTime: ((processorSecondsOf(id) - before) / result.requests) * 1e6 };
}

function medians(results: readonly SideResult[]): SideResult {
  const of = (field: keyof SideResult) =>
    results.map((result) => result[field]).sort((a, b) => a - b)[Math.floor(results.length / 2)] ?? 0;
  return {
    requests: of('requests'),
    requestsPerSecond: of('requestsPerSecond'),
    p50: of('p50'),
    p99: of('p99'),
    errors: of('errors'),
    processorTime: of('processorTime'),
  };
}

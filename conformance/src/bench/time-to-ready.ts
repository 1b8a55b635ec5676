/** How long a server takes from its process's start until it is ready, after it was killed. */
import { eventually } from '../harness/eventually.ts';
import { call, type Target } from '../harness/target.ts';
import { processorSecondsOf } from './memory.ts';

export interface TimeToReady {
  seconds: number;
  /** With the launcher's rest in it. */
  sinceKill: number;
  /** What the process used of the processor until then: how long it takes on a core of its own, at most. */
  processorSeconds: number;
}

/** `server` answers the present process's id, and throws while there is none. */
export async function timeToReady(target: Target, server: () => Promise<number>): Promise<TimeToReady> {
  const old = await server();
  const killed = performance.now();
  process.kill(old, 'SIGKILL');
  await eventually(async () => (await server()) !== old, { what: 'another server process' });
  const begun = performance.now();
  const isReady = async () => (await call(target, { path: '/readyz' })).status === 200;
  await eventually(isReady, { seconds: 60, what: 'readyz' });
  const ready = performance.now();
  const processorSeconds = processorSecondsOf(await server());
  return { seconds: (ready - begun) / 1000, sinceKill: (ready - killed) / 1000, processorSeconds };
}

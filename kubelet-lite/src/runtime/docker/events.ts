/** Follows what happens in the engine; when the stream breaks, it begins again and everything is looked at. */
import type { Readable } from 'node:stream';
import type { Clock } from '@naru/api/clock';
import type { Engine } from './engine.ts';
import { ownFilter, type Owner } from './labels.ts';

// exec events are left out: probes would make a flood of them.
const actions = ['start', 'die', 'destroy', 'oom'];
const reconnectAfter = 1000;

export interface EngineEvent {
  id: string;
  action: string;
}

export interface EventsOptions {
  engine: Engine;
  owner: Owner;
  clock: Clock;
  onEvent(event: EngineEvent): void;
  /** Events may have been missed. */
  onGap(): void;
}

/** Runs until `signal` aborts. */
export async function followEvents({ engine, owner, clock, onEvent, onGap }: EventsOptions, signal: AbortSignal) {
  const filters = JSON.stringify({ type: ['container'], event: actions, label: ownFilter(owner) });
  while (!signal.aborted) {
    try {
      const what = 'follow events';
      const stream = await engine.stream({ what, method: 'GET', path: '/events', query: { filters }, signal });
      onGap();
      await readEvents(stream, onEvent);
    } catch {
      // The engine is away: that shows in every other call too, and the node says so.
    }
    await new Promise<void>((resolve) => clock.after(reconnectAfter, resolve));
  }
}

async function readEvents(stream: Readable, onEvent: (event: EngineEvent) => void): Promise<void> {
  let rest = '';
  for await (const chunk of stream) {
    const lines = (rest + (chunk as Buffer).toString('utf8')).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (!line) continue;
      const { Actor, Action } = JSON.parse(line) as { Actor: { ID: string }; Action: string };
      onEvent({ id: Actor.ID, action: Action });
    }
  }
}

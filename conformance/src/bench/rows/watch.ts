/** 200 watchers of one object that changes: events delivered in a second, and how late they are at 300 changes a second. */
import { request } from 'node:https';
import { call, type Target } from '../../harness/target.ts';
import { eventually } from '../../harness/eventually.ts';
import type { Row } from '../row.ts';

const watchers = 200;
/** Changes on their way at once. */
const mostOpen = 64;
const path = '/api/v1/namespaces/default/configmaps';
const valueMark = '"value":"';
const json = { 'content-type': 'application/json' };

export const watching: Row = {
  name: 'watch',
  async measure({ target }) {
    await call(target, { method: 'POST', path, headers: json, body: '{"metadata":{"name":"bench-watch"}}' });
    const seen: Seen = { events: 0, delays: [] };
    const opened = await Promise.all(Array.from({ length: watchers }, () => open(target, seen)));
    await eventually(() => seen.events >= watchers, { what: 'every watcher has its first event' });
    seen.events = 0;
    const started = performance.now();
    let changes = 0;
    const change = async () => {
      while (performance.now() - started < 5000) await put(target, changes++);
    };
    await Promise.all(Array.from({ length: 8 }, change));
    await eventually(() => seen.events >= changes * watchers, { what: 'every event delivered' });
    const perSecond = seen.events / ((performance.now() - started) / 1000);
    const p99 = await delayAt(300, target, seen);
    for (const response of opened) response.destroy();
    return [
      {
        what: `events to ${watchers} watchers of one object`,
        value: perSecond,
        unit: '/s',
        goal: '≥ 60,000/s',
        met: perSecond >= 60_000,
      },
      { what: '… at 300 changes a second, p99', value: p99, unit: 'ms', goal: '≤ 20 ms', met: p99 <= 20 },
    ];
  },
};

interface Seen {
  events: number;
  /** Milliseconds from a change's sending to the arrival of its events, by the clock of this process. */
  delays: number[];
}

/** Changes say when they were sent. */
async function delayAt(perSecond: number, target: Target, seen: Seen): Promise<number> {
  const changes = perSecond * 4;
  seen.delays = [];
  seen.events = 0;
  const started = performance.now();
  const open = new Set<Promise<void>>();
  for (let index = 0; index < changes; index++) {
    const wait = started + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    // Where so many cannot be answered, delays say so; a queue that only grows would say nothing more.
    if (open.size >= mostOpen) await Promise.race(open);
    const change = put(target, performance.now()).finally(() => open.delete(change));
    open.add(change);
  }
  await Promise.all(open);
  await eventually(() => seen.events >= changes * watchers, { what: 'every event delivered' });
  return seen.delays.sort((a, b) => a - b)[Math.floor(seen.delays.length * 0.99)] ?? 0;
}

function open({ server, agent }: Target, seen: Seen): Promise<{ destroy(): void }> {
  const query = 'watch=1&fieldSelector=metadata.name%3Dbench-watch';
  return new Promise((resolve, reject) => {
    request({ agent, host: server.hostname, port: server.port, path: `${path}?${query}` }, (response) => {
      response.on('data', (chunk: Buffer) => {
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) seen.events++;
        const at = chunk.lastIndexOf(valueMark);
        const sentAt = at < 0 ? NaN : Number.parseFloat(chunk.toString('latin1', at + valueMark.length, at + 40));
        if (sentAt > 0) seen.delays.push(performance.now() - sentAt);
      });
      response.on('error', () => {});
      resolve(response);
    })
      .on('error', reject)
      .end();
  });
}

async function put(target: Target, value: number): Promise<void> {
  const body = JSON.stringify({ metadata: { name: 'bench-watch' }, data: { value: String(value) } });
  const { status } = await call(target, { method: 'PUT', path: `${path}/bench-watch`, headers: json, body });
  if (status !== 200) throw new Error(`a change was answered with ${status}`);
}

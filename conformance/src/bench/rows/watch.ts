/** 200 watchers of one object that changes: events delivered in a second. */
import { request } from 'node:https';
import { call, type Target } from '../../harness/target.ts';
import { eventually } from '../../harness/eventually.ts';
import type { Row } from '../row.ts';

const watchers = 200;
const path = '/api/v1/namespaces/default/configmaps';
const json = { 'content-type': 'application/json' };

export const watching: Row = {
  name: 'watch',
  async measure({ target }) {
    await call(target, { method: 'POST', path, headers: json, body: '{"metadata":{"name":"bench-watch"}}' });
    const seen = { events: 0 };
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
    for (const response of opened) response.destroy();
    return [
      {
        what: `events to ${watchers} watchers of one object`,
        value: perSecond,
        unit: '/s',
        goal: '≥ 60,000/s',
        met: perSecond >= 60_000,
      },
    ];
  },
};

function open({ server, agent }: Target, seen: { events: number }): Promise<{ destroy(): void }> {
  const query = 'watch=1&fieldSelector=metadata.name%3Dbench-watch';
  return new Promise((resolve, reject) => {
    request({ agent, host: server.hostname, port: server.port, path: `${path}?${query}` }, (response) => {
      response.on('data', (chunk: Buffer) => {
        for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) seen.events++;
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

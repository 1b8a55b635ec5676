/** Durable creates of a 2 KB ConfigMap by 1 and by 100 clients, beside a bare loop of write and fdatasync. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { generateLoad } from '../load.ts';
import { processorSecondsOf } from '../memory.ts';
import type { Row } from '../row.ts';

const script = (run: string) => `
local count = 0
local text = string.rep("x", 1600)
wrk.headers["Content-Type"] = "application/json"
request = function()
  count = count + 1
  local body = string.format('{"metadata":{"name":"bench-${run}-%d"},"data":{"text":"%s"}}', count, text)
  return wrk.format("POST", "/api/v1/namespaces/default/configmaps", nil, body)
end
`;

export const createConfigMap: Row = {
  name: 'create',
  async measure({ target, server, token, directory }) {
    const run = Date.now().toString(36);
    const id = await server();
    const creates = async (clients: number) => {
      const before = processorSecondsOf(id);
      const load = { url: target.server.href, token, directory, seconds: 6, clients };
      const result = await generateLoad({ ...load, script: script(`${run}-${clients}`) });
      if (result.errors) throw new Error(`${result.errors} of ${result.requests} creates were refused`);
      return { ...result, processorTime: ((processorSecondsOf(id) - before) / result.requests) * 1e6 };
    };
    await generateLoad({
      url: target.server.href,
      token,
      directory,
      seconds: 3,
      clients: 8,
      script: script(`${run}-w`),
    });
    const one = await creates(1);
    const syncs = syncsPerSecond(join(target.dataDirectory, 'bench-sync'));
    const hundred = await creates(100);
    const yardstick = { what: 'a bare loop of write and fdatasync', value: syncs };
    return [
      {
        what: 'durable create of a 2 KB ConfigMap, 1 client',
        value: one.requestsPerSecond,
        unit: '/s',
        yardstick,
        goal: '≥ 1,500/s, p50 ≤ 0.7 ms',
        met: one.requestsPerSecond >= 1500 && one.p50 <= 0.7,
      },
      { what: '… p50', value: one.p50, unit: 'ms', goal: '≤ 0.7 ms', met: one.p50 <= 0.7 },
      {
        what: 'durable create, 100 clients',
        value: hundred.requestsPerSecond,
        unit: '/s',
        yardstick,
        goal: '≥ 5,000/s, p99 ≤ 50 ms',
        met: hundred.requestsPerSecond >= 5000 && hundred.p99 <= 50,
      },
      { what: '… p99', value: hundred.p99, unit: 'ms', goal: '≤ 50 ms', met: hundred.p99 <= 50 },
      {
        what: '… processor time a create',
        value: hundred.processorTime,
        unit: 'µs',
        goal: '≤ 200 µs',
        met: hundred.processorTime <= 200,
      },
    ];
  },
};

function syncsPerSecond(path: string): number {
  const file = openSync(path, 'w');
  const record = Buffer.alloc(2048, 'x');
  const end = performance.now() + 2000;
  let count = 0;
  for (; performance.now() < end; count++) {
    writeSync(file, record);
    fdatasyncSync(file);
  }
  closeSync(file);
  return count / 2;
}

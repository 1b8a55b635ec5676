/** Durable creates of a 2 KB ConfigMap by 1 and by 100 clients, beside a bare loop of fdatasync. */
import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { generateLoad } from '../load.ts';
import type { Row } from '../row.ts';

const script = (run: string) => `
local count = 0
local text = string.rep("x", 1600)
request = function()
  count = count + 1
  local body = string.format('{"metadata":{"name":"bench-${run}-%d"},"data":{"text":"%s"}}', count, text)
  return wrk.format("POST", "/api/v1/namespaces/default/configmaps", {["Content-Type"] = "application/json"}, body)
end
`;

export const createConfigMap: Row = {
  name: 'create',
  async measure({ target, token, directory }) {
    const url = target.server.href;
    const base = { url, token, directory, seconds: 6 };
    const run = Date.now().toString(36);
    const one = await generateLoad({ ...base, clients: 1, script: script(`${run}-1`) });
    const syncs = syncsPerSecond(join(target.dataDirectory, 'bench-sync'));
    const hundred = await generateLoad({ ...base, clients: 100, script: script(`${run}-100`) });
    if (one.errors + hundred.errors) throw new Error(`${one.errors + hundred.errors} creates were refused`);
    return [
      {
        what: 'durable create of a 2 KB ConfigMap, 1 client',
        value: one.requestsPerSecond,
        unit: '/s',
        yardstick: { what: 'a loop of write and fdatasync', value: syncs },
        goal: '≥ 1,500/s, p50 ≤ 0.7 ms',
        met: one.requestsPerSecond >= 1500 && one.p50 <= 0.7,
      },
      { what: '… p50', value: one.p50, unit: 'ms', goal: '', met: one.p50 <= 0.7 },
      {
        what: 'durable create, 100 clients',
        value: hundred.requestsPerSecond,
        unit: '/s',
        goal: '≥ 5,000/s, p99 ≤ 50 ms',
        met: hundred.requestsPerSecond >= 5000 && hundred.p99 <= 50,
      },
      { what: '… p99', value: hundred.p99, unit: 'ms', goal: '', met: hundred.p99 <= 50 },
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

/** GET of a 2 KB ConfigMap over TLS, 32 clients, beside bare node:https. */
import { call } from '../../harness/target.ts';
import { generateLoad } from '../load.ts';
import type { Row } from '../row.ts';
import { withBareHttps } from '../with-bare-https.ts';

export const getConfigMap: Row = {
  name: 'get',
  async measure({ target, token, directory }) {
    const path = '/api/v1/namespaces/default/configmaps/bench-get';
    const body = JSON.stringify({ metadata: { name: 'bench-get' }, data: { text: 'x'.repeat(1600) } });
    const headers = { 'content-type': 'application/json' };
    await call(target, { method: 'POST', path: '/api/v1/namespaces/default/configmaps', headers, body });
    const bytes = JSON.stringify((await call(target, { path })).body).length;
    const load = { clients: 32, seconds: 8, directory };
    await generateLoad({ ...load, url: new URL(path, target.server).href, token, seconds: 3 });
    const naru = await generateLoad({ ...load, url: new URL(path, target.server).href, token });
    const bare = await withBareHttps(target.dataDirectory, bytes, (url) => generateLoad({ ...load, url }));
    if (naru.errors) throw new Error(`${naru.errors} requests were not answered with 200`);
    return [
      {
        what: 'GET of a 2 KB ConfigMap, 32 clients',
        value: naru.requestsPerSecond,
        unit: '/s',
        yardstick: { what: 'bare node:https', value: bare.requestsPerSecond },
        goal: '≥ 20,000/s, ≥ 70 % of bare',
        met: naru.requestsPerSecond >= 0.7 * bare.requestsPerSecond,
      },
      { what: '… p99', value: naru.p99, unit: 'ms', yardstick: { what: 'bare', value: bare.p99 }, goal: '', met: true },
    ];
  },
};

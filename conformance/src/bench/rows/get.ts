/** GET of a 2 KB ConfigMap over TLS, 32 clients, beside bare node:https given the same requests. */
import { call } from '../../harness/target.ts';
import { inTurn } from '../in-turn.ts';
import type { Row } from '../row.ts';
import { withBareHttps } from '../with-bare-https.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

export const getConfigMap: Row = {
  name: 'get',
  async measure({ target, server, token, directory }) {
    const path = `${configMaps}/bench-get`;
    const body = JSON.stringify({ metadata: { name: 'bench-get' }, data: { text: 'x'.repeat(1600) } });
    await call(target, { method: 'POST', path: configMaps, headers: { 'content-type': 'application/json' }, body });
    const bytes = JSON.stringify((await call(target, { path })).body).length;
    const load = { clients: 32, seconds: 4, directory, token };
    const { naru, bare } = await withBareHttps(target.dataDirectory, bytes, async (url, id) =>
      inTurn({
        naru: { load: { ...load, url: new URL(path, target.server).href }, id: await server() },
        bare: { load: { ...load, url: new URL(path, url).href }, id },
      }),
    );
    return [
      {
        what: 'GET of a 2 KB ConfigMap, 32 clients',
        value: naru.requestsPerSecond,
        unit: '/s',
        yardstick: { what: 'bare node:https', value: bare.requestsPerSecond },
        goal: '≥ 20,000/s, ≥ 70 % of bare',
        met: naru.requestsPerSecond >= 0.7 * bare.requestsPerSecond,
      },
      {
        what: '… processor time a request',
        value: naru.processorTime,
        unit: 'µs',
        yardstick: { what: 'bare', value: bare.processorTime },
        goal: '≤ 143 % of bare',
        met: naru.processorTime * 0.7 <= bare.processorTime,
      },
      {
        what: '… p99',
        value: naru.p99,
        unit: 'ms',
        yardstick: { what: 'bare', value: bare.p99 },
        goal: '',
        met: true,
      },
    ];
  },
};

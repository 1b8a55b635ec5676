/** GET /naru/address-test: tries the address of a Service from where the server is, for who is signed in. */
import { Resolver } from 'node:dns/promises';
import type { ServerResponse } from 'node:http';
import type { V1Service } from '@kubernetes/client-node';
import { StatusError, badRequest } from '@naru/api/status';
import { service } from '../../kinds/core/service.ts';
import { fieldsOf } from '../../kinds/fields.ts';
import type { Api } from '../../verbs/api.ts';
import { get } from '../../verbs/get.ts';
import { type Means, type TestedAddress, tryAddress } from './try-address.ts';

const domain = 'svc.cluster.local';

/** `query`: namespace, service, and port; with `node`, the port is tried on this machine. */
export async function serveAddressTest(
  query: URLSearchParams,
  response: ServerResponse,
  api: Api,
  means: Means,
): Promise<void> {
  try {
    answer(response, 200, { steps: await tryAddress(testedAddress(query, api), means) });
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    answer(response, error.code, { message: error.message });
  }
}

/** Only ports that a Service has: this is no way to reach other places. Throws 404 and 400. */
export function testedAddress(query: URLSearchParams, api: Api): TestedAddress {
  const namespace = query.get('namespace') ?? '';
  const name = query.get('service') ?? '';
  const number = Number(query.get('port'));
  const { spec } = fieldsOf<V1Service>(get({ kind: service, namespace, name }, api).object);
  const onNode = query.has('node');
  const found = spec?.ports?.find(({ port, nodePort }) => (onNode ? nodePort : port) === number);
  if (!found || (found.protocol ?? 'TCP') !== 'TCP') throw badRequest(`${name} has no TCP port ${number}`);
  const secure = found.port === 443 || found.port === 8443;
  return onNode
    ? { host: '127.0.0.1', port: number, secure }
    : { name: `${name}.${namespace}.${domain}`, port: number, secure };
}

/** Looks names up where pods do. */
export function clusterMeans(dnsAddress: string): Means {
  return {
    async resolve(name) {
      const resolver = new Resolver({ timeout: 2000, tries: 1 });
      resolver.setServers([dnsAddress]);
      return resolver.resolve4(name);
    },
    now: () => performance.now(),
  };
}

/** The tenth address of the range, where cluster DNS answers. */
export function dnsAddressOf(clusterIpRange: string): string {
  const [network = ''] = clusterIpRange.split('/');
  const [a = 0, b = 0, c = 0, d = 0] = network.split('.').map(Number);
  return [a, b, c, d + 10].join('.');
}

function answer(response: ServerResponse, code: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(code, {
    'Cache-Control': 'no-store',
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
  });
  response.end(text);
}

/** The way to a node's kubelet: its address, and who we are to it. */
// Like pkg/kubelet/client NodeConnectionInfoGetter.
import { Agent, type RequestOptions } from 'node:https';
import type { PeerCertificate } from 'node:tls';
import type { V1Node } from '@kubernetes/client-node';
import { internalError, isNotFound, notFound } from '@naru/api/status';
import { fieldsOf } from '../../kinds/fields.ts';
import type { Api } from '../../verbs/api.ts';
import { get } from '../../verbs/get.ts';

const usualPort = 10250;
const addressTypes = ['InternalIP', 'Hostname', 'InternalDNS', 'ExternalIP', 'ExternalDNS'];

export interface KubeletIdentity {
  /** Our certificate; kubelets accept no other caller. */
  readonly cert: Buffer;
  readonly key: Buffer;
  /** Authority that signed the kubelets' certificates. */
  readonly ca: Buffer;
}

export class Kubelets {
  readonly #agent: Agent;

  constructor(identity: KubeletIdentity) {
    this.#agent = new Agent({ ...identity, keepAlive: false });
  }

  /** Options for a request to the kubelet of the node. Throws 404 and 500. */
  requestOptions(nodeName: string, api: Api): RequestOptions {
    const { host, port } = addressOf(nodeName, api);
    return {
      agent: this.#agent,
      host,
      port,
      servername: '',
      // Kubelets are known by their node's name, not by an address, which may change.
      checkServerIdentity: (_host: string, certificate: PeerCertificate) => identityProblem(nodeName, certificate),
    };
  }
}

function identityProblem(nodeName: string, { subject }: PeerCertificate): Error | undefined {
  const expected = `system:node:${nodeName}`;
  if (subject?.CN === expected) return undefined;
  return new Error(`the kubelet shows the certificate of ${JSON.stringify(subject?.CN)}, not of ${expected}`);
}

function addressOf(nodeName: string, api: Api): { host: string; port: number } {
  const kind = api.catalog.byKind({ group: '', version: 'v1', kind: 'Node' })!;
  const { status } = fieldsOf<V1Node>(nodeNamed(nodeName, kind, api));
  const addresses = status?.addresses ?? [];
  const host = addressTypes.map((type) => addresses.find((address) => address.type === type)?.address).find(Boolean);
  if (!host) throw internalError(`no preferred addresses found; known addresses: []`);
  const endpoint = status?.daemonEndpoints?.kubeletEndpoint as { Port?: number } | undefined;
  return { host, port: endpoint?.Port || usualPort };
}

function nodeNamed(name: string, kind: Parameters<typeof get>[0]['kind'], api: Api) {
  try {
    return get({ kind, namespace: '', name }, api).object;
  } catch (error) {
    throw isNotFound(error) ? notFound({ group: '', resource: 'nodes' }, name) : error;
  }
}

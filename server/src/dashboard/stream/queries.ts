/** The collections that are looked at: each once, however many sockets look. */
import { badRequest, resourceNotServed } from '@naru/api/status';
import type { User } from '../../authn/user.ts';
import { assertAllowed } from '../../authz/authorize.ts';
import { parseRequestInfo } from '../../http/request-info.ts';
import type { Api } from '../../verbs/api.ts';
import { SharedQuery, type QueryRequest, type Receive } from './shared-query.ts';
import type { OpenMessage } from './stream-message.ts';

export class Queries {
  readonly #api: Api;
  readonly #queries = new Map<string, SharedQuery>();

  constructor(api: Api) {
    this.#api = api;
  }

  get size(): number {
    return this.#queries.size;
  }

  /** Throws what a list of the path would be answered with. Call `leave` when done. */
  join(message: OpenMessage, user: User, receive: Receive): { query: SharedQuery; leave: () => void } {
    const request = this.#requestOf(message, user);
    const { kind, namespace, labelSelector, fieldSelector, as } = request;
    const identity = JSON.stringify([
      kind.group,
      kind.version,
      kind.plural,
      namespace,
      labelSelector,
      fieldSelector,
      as,
    ]);
    let query = this.#queries.get(identity);
    if (!query) this.#queries.set(identity, (query = new SharedQuery(request, this.#api)));
    query.join(receive);
    return { query, leave: () => this.#leave(identity, query, receive) };
  }

  #leave(identity: string, query: SharedQuery, receive: Receive): void {
    query.leave(receive);
    if (!query.isUnused || this.#queries.get(identity) !== query) return;
    query.stop();
    this.#queries.delete(identity);
  }

  #requestOf({ path, labelSelector, fieldSelector, as }: OpenMessage, user: User): QueryRequest {
    const info = parseRequestInfo('GET', path, new URLSearchParams());
    if (!info.isResource || info.name || info.subresource) throw badRequest('the path is not that of a collection');
    const { group, version, resource, namespace } = info;
    for (const verb of ['list', 'watch']) assertAllowed({ ...info, user, verb }, this.#api.authorizer);
    const kind = this.#api.catalog.byResource({ group, version, plural: resource });
    if (!kind || (namespace && kind.scope === 'Cluster')) throw resourceNotServed();
    if (kind.verbs && !kind.verbs.includes('watch')) throw badRequest(`${resource} cannot be watched`);
    return { kind, namespace, labelSelector, fieldSelector, as };
  }
}

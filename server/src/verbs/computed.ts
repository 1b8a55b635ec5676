/** GET of kinds that are worked out when they are read: what is used now, and was. */
import type { AnyObject } from '@naru/api/object';
import { notFound } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import type { Api, Target } from './api.ts';
import { resourceOf } from './object-key.ts';
import { selectionOf, type SelectorTexts } from './select.ts';

export interface ComputedRequest {
  readonly kind: Kind;
  /** Empty: all. */
  readonly namespace: string;
  /** Empty: all. */
  readonly name: string;
  /** What the request says beyond what every list knows. */
  readonly query: URLSearchParams;
}

/** Who works them out. */
export interface Computed {
  /** In order of namespace and name. Throws 400 for a query that says nonsense. */
  read(request: ComputedRequest): AnyObject[] | Promise<AnyObject[]>;
}

export async function listComputed(
  request: Omit<ComputedRequest, 'name'> & SelectorTexts,
  { computed }: Api,
): Promise<AnyObject[]> {
  const { matches } = selectionOf(request.kind, request.namespace, request);
  const objects = await computed.read({ ...request, name: '' });
  return matches ? objects.filter(matches) : objects;
}

/** Throws 404. */
export async function getComputed(
  { kind, namespace, name, query }: Pick<Target, 'kind' | 'namespace' | 'name'> & { query: URLSearchParams },
  { computed }: Api,
): Promise<AnyObject> {
  const [object] = await computed.read({ kind, namespace, name, query });
  if (!object) throw notFound(resourceOf(kind), name);
  return object;
}

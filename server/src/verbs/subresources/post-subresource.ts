/** What POST does on a subresource. */
import type { AnyObject } from '@naru/api/object';
import { methodNotAllowed } from '@naru/api/status';
import type { Api, Target } from '../api.ts';
import { bind } from './binding.ts';
import { evict } from './eviction.ts';
import { requestToken } from './token.ts';

export interface PostRequest extends Target {
  /** Decoded; it is changed and may be answered. */
  readonly object: AnyObject;
  readonly dryRun: boolean;
  readonly fieldManager: string;
  warn(text: string): void;
}

/** The type of the body that a subresource takes by POST. */
export function bodyKindOf(subresource: string): { group: string; version: string; kind: string } | undefined {
  switch (subresource) {
    case 'binding':
      return { group: '', version: 'v1', kind: 'Binding' };
    case 'eviction':
      return { group: 'policy', version: 'v1', kind: 'Eviction' };
    case 'token':
      return { group: 'authentication.k8s.io', version: 'v1', kind: 'TokenRequest' };
    default:
      return undefined;
  }
}

export function postSubresource(request: PostRequest, api: Api): Promise<AnyObject> {
  switch (request.subresource) {
    case 'binding':
      return bind(request, api);
    case 'eviction':
      return evict(request, api);
    case 'token':
      return requestToken({ ...request, tokens: api.tokens }, api);
    default:
      throw methodNotAllowed();
  }
}

/** What a kind is given from a limited stock when it is written. */
import type { AnyObject } from '@naru/api/object';
import type { Kind } from '../../kinds/define-kind.ts';
import type { Api } from '../api.ts';
import { servicesPrefix } from './taken-by-services.ts';

const nothing = () => {};

/** Changes `object`. The returned function is called once the write is done, or is not. Throws 422. */
export function reserve(kind: Kind, object: AnyObject, old: AnyObject | undefined, api: Api): () => void {
  return kind.storagePrefix === servicesPrefix ? api.services.reserve(object, old) : nothing;
}

/** PUT: an update, or for a few kinds a creation under the name in the path. */
// Like Store.Update of apiserver pkg/registry/generic/registry with AllowCreateOnUpdate.
import type { AnyObject } from '@naru/api/object';
import { conflict, isAlreadyExists } from '@naru/api/status';
import type { StoredObject } from '../watch/stored-object.ts';
import type { Api } from './api.ts';
import { create } from './create.ts';
import { keyOf, resourceOf } from './object-key.ts';
import { assertNamed, update, type UpdateRequest } from './update.ts';

export interface PutRequest extends UpdateRequest {
  /** Throws 403 when the writer may change what is there but make nothing new; asked before a creation. */
  readonly assertMayCreate?: () => void;
}

export interface Put {
  readonly object: StoredObject | AnyObject;
  readonly created: boolean;
}

export async function put(request: PutRequest, api: Api): Promise<Put> {
  const { kind, namespace, name, subresource, object } = request;
  const isThere = () => api.cache.resource(kind.storagePrefix).get(keyOf(kind, namespace, name)) !== undefined;
  if (!kind.allowCreateOnUpdate || subresource || isThere())
    return { object: await update(request, api), created: false };
  request.assertMayCreate?.();
  assertNamed(object, name);
  const { resourceVersion: _given, ...metadata } = object.metadata;
  if (metadata.uid)
    throw conflict(
      resourceOf(kind),
      name,
      `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: `,
    );
  try {
    return { object: await create({ ...request, object: { ...object, metadata } }, api), created: true };
  } catch (error) {
    // Somebody else created it meanwhile: then it is there to be updated.
    if (!isAlreadyExists(error) || request.dryRun || !isThere()) throw error;
    return { object: await update(request, api), created: false };
  }
}

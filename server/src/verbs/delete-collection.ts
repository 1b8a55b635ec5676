/** DELETE all that a selection means, one by one. */
import type { Api, Target } from './api.ts';
import { isNotFound } from '@naru/api/status';
import type { StoredObject } from '../watch/stored-object.ts';
import type { DeleteOptions } from './delete-options.ts';
import { deleteObject } from './delete.ts';
import { warnOfDefault } from './deletion-finalizers.ts';
import { list, type ListRequest, type ListResult } from './list.ts';

export interface DeleteCollectionRequest extends ListRequest, Omit<Target, 'name'> {
  readonly options: DeleteOptions;
  warn(text: string): void;
}

/** Answers with the objects that were to go; one that went meanwhile is no error. */
export async function deleteCollection(request: DeleteCollectionRequest, api: Api): Promise<ListResult> {
  warnOfDefault(request.kind, request.options, request.warn);
  const found = await list(request, api);
  const items: StoredObject[] = [];
  for (const stored of found.items) {
    const { name = '', namespace = '' } = stored.object.metadata;
    try {
      await deleteObject({ ...request, namespace, name, warn: () => undefined }, api);
      items.push(stored);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  return { ...found, items };
}

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

/** Deletions under way at once: the store brings those that come together to disk together. */
const workers = 64;

/** Answers with the objects that were to go; one that went meanwhile is no error. After the first error no more are begun. */
export async function deleteCollection(request: DeleteCollectionRequest, api: Api): Promise<ListResult> {
  warnOfDefault(request.kind, request.options, request.warn);
  const found = await list(request, api);
  const gone = new Set<StoredObject>();
  const waiting = found.items.values();
  let failed = false;
  const work = async () => {
    for (const stored of waiting) {
      if (failed) return;
      try {
        if (!(await deleteOne(stored, request, api))) gone.add(stored);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const results = await Promise.allSettled(Array.from({ length: Math.min(workers, found.items.length) }, work));
  const failure = results.find((result) => result.status === 'rejected');
  if (failure) throw failure.reason;
  return { ...found, items: found.items.filter((stored) => !gone.has(stored)) };
}

/** False when it was gone already. */
async function deleteOne(stored: StoredObject, request: DeleteCollectionRequest, api: Api): Promise<boolean> {
  const { name = '', namespace = '' } = stored.object.metadata;
  try {
    await deleteObject({ ...request, namespace, name, warn: () => undefined }, api);
    return true;
  } catch (error) {
    if (!isNotFound(error)) throw error;
    return false;
  }
}

/** Where verbs meet the store: which writes may use the room kept for a full disk, and what the API says when the store cannot. */
import type { AnyObject } from '@naru/api/object';
import { insufficientStorage, internalError } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import type { Store, Transaction, TransactionResult } from '../store/store.ts';

/**
 * Whether a write goes on while the disk is full: heartbeats and statuses, so that nodes and pods stay known as they
 * are, and changes of what is being deleted, which free room in the end.
 */
export function isEssential(kind: Kind, subresource: string, object: AnyObject): boolean {
  const isLease = kind.group === 'coordination.k8s.io' && kind.kind === 'Lease';
  return isLease || subresource === 'status' || object.metadata.deletionTimestamp !== undefined;
}

/** Throws 507 when the disk is full and nothing was written, 500 when nobody knows whether it was. */
export async function writeToStore(store: Store, transaction: Transaction): Promise<TransactionResult> {
  try {
    return await store.commit(transaction);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'StoreFull') throw insufficientStorage(`the store cannot take the write: ${error.message}`);
    if (error.name === 'StoreFailed') throw internalError(`the outcome of the write is unknown: ${error.message}`);
    throw error;
  }
}

/** GET what changes, from now or from a moment in the past. */
// Like apiserver pkg/storage/cacher Watch.
import { StatusError, invalid, type FieldError } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import type { CacheEvent } from '../watch/cache-event.ts';
import { TooOld, type WatchHandle, type WatchStart } from '../watch/resource-cache.ts';
import type { Api } from './api.ts';
import { parseResourceVersion } from './list.ts';
import { selectionOf, type SelectorTexts } from './select.ts';

export interface WatchRequest extends SelectorTexts {
  readonly kind: Kind;
  readonly namespace: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly sendInitialEvents: boolean | undefined;
  readonly allowWatchBookmarks: boolean;
}

export interface Watching extends WatchHandle {
  /** What the initial events show; a bookmark after them carries it. */
  readonly revision: number;
  /** Whether the bookmark that ends the initial events is wanted. */
  readonly marksInitialEnd: boolean;
}

/** `deliver` is called with each change from the moment this returns. Throws 410 when the past asked for is gone. */
export function watch(request: WatchRequest, deliver: (event: CacheEvent) => void, api: Api): Watching {
  assertOptions(request);
  const selection = selectionOf(request.kind, request.namespace, request);
  const revision = api.cache.revision;
  const start = whereToStart(request, revision);
  const marksInitialEnd =
    request.allowWatchBookmarks && start === 'state' && (request.sendInitialEvents ?? request.resourceVersion === '');
  try {
    const handle = api.cache.resource(request.kind.storagePrefix).watch(selection, start, deliver);
    return { ...handle, revision, marksInitialEnd };
  } catch (error) {
    if (!(error instanceof TooOld)) throw error;
    throw tooOld(request.resourceVersion, error.floor);
  }
}

function whereToStart({ resourceVersion, sendInitialEvents }: WatchRequest, revision: number): WatchStart {
  const asked = parseResourceVersion(resourceVersion);
  if (sendInitialEvents === true) return 'state';
  if (asked > 0) return { after: asked };
  return sendInitialEvents === false ? { after: revision } : 'state';
}

export const tooOld = (asked: string, floor: number) =>
  new StatusError({ code: 410, reason: 'Expired', message: `too old resource version: ${asked} (${floor})` });

function assertOptions({ sendInitialEvents, resourceVersionMatch }: WatchRequest): void {
  const errors: FieldError[] = [];
  const field = 'resourceVersionMatch';
  if (sendInitialEvents === undefined) {
    if (resourceVersionMatch) {
      const message = 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided';
      errors.push({ field, reason: 'FieldValueForbidden', message });
    }
  } else if (resourceVersionMatch !== 'NotOlderThan') {
    const message = 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan';
    errors.push({ field, reason: 'FieldValueForbidden', message });
    if (resourceVersionMatch) {
      const unsupported = `Unsupported value: ${JSON.stringify(resourceVersionMatch)}: supported values: "NotOlderThan"`;
      errors.push({ field, reason: 'FieldValueNotSupported', message: unsupported });
    }
  }
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', errors);
}

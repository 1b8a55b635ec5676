/** GET a collection, whole or page by page, as it stands or as it stood. */
// Like apiserver pkg/storage/cacher GetList and pkg/storage/continue.go.
import { StatusError, badRequest, expired, invalid } from '@naru/api/status';
import type { Kind } from '../kinds/define-kind.ts';
import { TooOld, type ResourceCache } from '../watch/resource-cache.ts';
import { selects, type Selection } from '../watch/selection.ts';
import type { StoredObject } from '../watch/stored-object.ts';
import type { Api } from './api.ts';
import { decodeContinue, encodeContinue } from './continue-token.ts';
import { selectionOf, type SelectorTexts } from './select.ts';

export interface ListRequest extends SelectorTexts {
  readonly kind: Kind;
  readonly namespace: string;
  /** 0: no limit. */
  readonly limit: number;
  readonly continue: string;
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
}

export interface ListResult {
  readonly resourceVersion: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
  readonly items: StoredObject[];
}

export async function list(request: ListRequest, api: Api): Promise<ListResult> {
  assertVersionMatch(request);
  const selection = selectionOf(request.kind, request.namespace, request);
  const cache = api.cache.resource(request.kind.storagePrefix);
  const { revision, start, inconsistent } = await whereToRead(request, selection, api);
  const limit = ignoresLimit(request) ? 0 : request.limit;
  const source = readerOf(
    cache,
    selection,
    revision,
    start,
    api.cache.revision,
    inconsistent || request.continue !== '',
  );
  return page(source, selection, limit, revision, request);
}

interface Reading {
  /** Undefined: as it stands now. */
  revision: number;
  start: string;
  inconsistent: boolean;
}

async function whereToRead(request: ListRequest, { prefix }: Selection, api: Api): Promise<Reading> {
  const { resourceVersion, resourceVersionMatch, limit } = request;
  if (request.continue) {
    const { revision, start } = decodeContinue(request.continue, prefix);
    return revision < 0
      ? { revision: api.cache.revision, start, inconsistent: true }
      : { revision, start, inconsistent: false };
  }
  const now = { revision: api.cache.revision, start: prefix, inconsistent: false };
  const asked = parseResourceVersion(resourceVersion);
  if (asked === 0) return now;
  await api.cache.reached(asked);
  const isExact = resourceVersionMatch === 'Exact' || (resourceVersionMatch === '' && limit > 0);
  return isExact ? { ...now, revision: asked } : { ...now, revision: api.cache.revision };
}

/** A cached answer to `resourceVersion=0` is whole, whatever the limit; upstream's clients count on it. */
const ignoresLimit = ({ resourceVersion, resourceVersionMatch, continue: token }: ListRequest) =>
  !token && parseResourceVersion(resourceVersion) === 0 && resourceVersion !== '' && resourceVersionMatch !== 'Exact';

function readerOf(
  cache: ResourceCache,
  selection: Selection,
  revision: number,
  start: string,
  newest: number,
  isContinued: boolean,
): Iterable<StoredObject> {
  if (selection.key !== undefined && revision >= newest) {
    const found = cache.get(selection.key);
    return found && found.key >= start ? [found] : [];
  }
  if (revision >= newest) return cache.range(selection.prefix, start);
  try {
    return cache.snapshot(revision, newest)(selection.prefix, start);
  } catch (error) {
    if (!(error instanceof TooOld)) throw error;
    throw isContinued
      ? continueExpired(start, selection.prefix)
      : expired('The resourceVersion for the provided list is too old.');
  }
}

function page(
  source: Iterable<StoredObject>,
  selection: Selection,
  limit: number,
  revision: number,
  { labelSelector, fieldSelector }: ListRequest,
): ListResult {
  const items: StoredObject[] = [];
  const resourceVersion = String(revision);
  let more = 0;
  const counts = !labelSelector && !fieldSelector;
  for (const stored of source) {
    if (selection.matches && !selects(selection, stored)) continue;
    if (limit === 0 || items.length < limit) items.push(stored);
    else {
      more++;
      if (!counts) break;
    }
  }
  if (more === 0) return { resourceVersion, items };
  const token = encodeContinue(revision, items.at(-1)!.key, selection.prefix);
  return { resourceVersion, items, continue: token, ...(counts && { remainingItemCount: more }) };
}

/** 0 for none and for zero. Throws 500, as upstream, for nonsense. */
export function parseResourceVersion(text: string): number {
  if (text === '') return 0;
  if (/^[0-9]{1,15}$/.test(text)) return Number(text);
  const why = /^[0-9]+$/.test(text) ? 'value out of range' : 'invalid syntax';
  throw new StatusError({
    code: 500,
    message: `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: ${why}`,
  });
}

/** The reader may go on from here, without seeing one revision throughout. */
function continueExpired(start: string, prefix: string): StatusError {
  const message =
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';
  const { status } = expired(message);
  return new StatusError({ ...status, metadata: { continue: encodeContinue(-1, start.slice(0, -1), prefix) } });
}

const listOptions = { group: 'meta.k8s.io', kind: 'ListOptions' };

// Like apimachinery pkg/apis/meta/internalversion/validation.
function assertVersionMatch({ resourceVersion, resourceVersionMatch, continue: token }: ListRequest): void {
  if (resourceVersionMatch) {
    const refuse = (message: string, reason: 'FieldValueForbidden' | 'FieldValueNotSupported') =>
      invalid(listOptions, '', [{ field: 'resourceVersionMatch', reason, message }]);
    if (!resourceVersion) {
      throw refuse(
        'Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided',
        'FieldValueForbidden',
      );
    }
    if (token)
      throw refuse('Forbidden: resourceVersionMatch is forbidden when continue is provided', 'FieldValueForbidden');
    if (resourceVersionMatch !== 'Exact' && resourceVersionMatch !== 'NotOlderThan') {
      const supported = 'supported values: "Exact", "NotOlderThan", ""';
      throw refuse(
        `Unsupported value: ${JSON.stringify(resourceVersionMatch)}: ${supported}`,
        'FieldValueNotSupported',
      );
    }
    if (resourceVersionMatch === 'Exact' && resourceVersion === '0') {
      throw refuse(
        'Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"',
        'FieldValueForbidden',
      );
    }
  }
  if (token && resourceVersion && resourceVersion !== '0') {
    throw badRequest('specifying resource version is not allowed when using continue');
  }
}

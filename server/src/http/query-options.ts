/** The parameters of a request, checked as upstream checks its options types. */
// Like apimachinery pkg/apis/meta/internalversion/validation and pkg/apis/meta/v1/validation.
import { goQuote } from '@naru/api/go-values';
import { badRequest, invalid, type FieldError } from '@naru/api/status';
import type { ListRequest } from '../verbs/list.ts';
import { isTrue } from './request-info.ts';

export type FieldValidation = 'Strict' | 'Warn' | 'Ignore';

export interface WriteOptions {
  readonly dryRun: boolean;
  /** Empty: not said. */
  readonly fieldManager: string;
  readonly fieldValidation: FieldValidation;
  readonly force: boolean | undefined;
}

const longestManager = 128;

/** `type` is upstream's name of the options: CreateOptions, UpdateOptions, PatchOptions. Throws 422 with all that is wrong. */
export function parseWriteOptions(query: URLSearchParams, type: string, isApply = false): WriteOptions {
  const fieldManager = query.get('fieldManager') ?? '';
  const validation = query.get('fieldValidation') ?? '';
  const forced = query.get('force');
  const errors: FieldError[] = [];
  if (type === 'PatchOptions') {
    if (isApply && !fieldManager) {
      errors.push({
        field: 'fieldManager',
        reason: 'FieldValueRequired',
        message: 'Required value: is required for apply patch',
      });
    }
    if (!isApply && forced !== null) {
      errors.push({
        field: 'force',
        reason: 'FieldValueForbidden',
        message: 'Forbidden: may not be specified for non-apply patch',
      });
    }
  }
  errors.push(...managerErrors(fieldManager), ...dryRunErrors(query.getAll('dryRun')), ...validationErrors(validation));
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind: type }, '', errors);
  return {
    dryRun: query.has('dryRun'),
    fieldManager,
    fieldValidation: (validation || 'Warn') as FieldValidation,
    force: forced === null ? undefined : isTrue(forced),
  };
}

function managerErrors(manager: string): FieldError[] {
  const field = 'fieldManager';
  if (Buffer.byteLength(manager) > longestManager) {
    return [{ field, reason: 'FieldValueTooLong', message: `Too long: may not be more than ${longestManager} bytes` }];
  }
  let position = 0;
  for (const character of manager) {
    if (!/^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u.test(character)) {
      const code = character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0');
      const message = `Invalid value: ${goQuote(manager)}: invalid character U+${code} (at position ${position})`;
      return [{ field, reason: 'FieldValueInvalid', message }];
    }
    position++;
  }
  return [];
}

/** The only thing to be asked for is All. */
export function dryRunErrors(values: readonly string[]): FieldError[] {
  if (values.every((value) => value === 'All')) return [];
  const message = `Unsupported value: ${JSON.stringify(values)}: supported values: "All"`;
  return [{ field: 'dryRun', reason: 'FieldValueNotSupported', message }];
}

function validationErrors(value: string): FieldError[] {
  if (['', 'Ignore', 'Warn', 'Strict'].includes(value)) return [];
  const message = `Unsupported value: ${JSON.stringify(value)}: supported values: "", "Ignore", "Strict", "Warn"`;
  return [{ field: 'fieldValidation', reason: 'FieldValueNotSupported', message }];
}

export type ListQuery = Omit<ListRequest, 'kind' | 'namespace'> & {
  readonly timeoutSeconds: number | undefined;
  readonly sendInitialEvents: boolean | undefined;
  readonly allowWatchBookmarks: boolean;
};

/** Throws 400 for numbers that are none. */
export function parseListQuery(query: URLSearchParams): ListQuery {
  const limit = parseInteger(query.get('limit'));
  const initial = query.get('sendInitialEvents');
  return {
    labelSelector: query.get('labelSelector') ?? '',
    fieldSelector: query.get('fieldSelector') ?? '',
    limit: Math.max(0, limit ?? 0),
    continue: query.get('continue') ?? '',
    resourceVersion: query.get('resourceVersion') ?? '',
    resourceVersionMatch: query.get('resourceVersionMatch') ?? '',
    timeoutSeconds: parseInteger(query.get('timeoutSeconds')),
    sendInitialEvents: initial === null ? undefined : isTrue(initial),
    allowWatchBookmarks: isTrue(query.get('allowWatchBookmarks')),
  };
}

/** As strconv.ParseInt says it. */
export function parseInteger(text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (!/^[+-]?[0-9]{1,19}$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${goQuote(text)}: invalid syntax`);
  return Number(text);
}

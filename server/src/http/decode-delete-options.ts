/** Delete options from the body, or from the query when there is no body. */
import { badRequest, invalid, type FieldError } from '@naru/api/status';
import type { DeleteOptions } from '../verbs/delete-options.ts';
import { decodeOptionsBody, type Body } from './decode-body.ts';
import { dryRunErrors, parseInteger } from './query-options.ts';
import { isTrue } from './request-info.ts';

interface Given {
  kind?: string;
  apiVersion?: string;
  gracePeriodSeconds?: number;
  preconditions?: { uid?: string; resourceVersion?: string };
  propagationPolicy?: string;
  orphanDependents?: boolean;
  dryRun?: string[];
}

/** A body wins over the query altogether. Throws 400 and 422. */
export function decodeDeleteOptions(body: Body, query: URLSearchParams): DeleteOptions {
  const given = body.bytes.length ? fromBody(body) : fromQuery(query);
  const errors = errorsIn(given);
  if (errors.length) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', errors);
  const { dryRun, gracePeriodSeconds, preconditions, propagationPolicy, orphanDependents } = given;
  return {
    dryRun: dryRun !== undefined && dryRun.length > 0,
    ...(gracePeriodSeconds !== undefined && { gracePeriodSeconds }),
    ...(preconditions && { preconditions }),
    ...(propagationPolicy !== undefined && { propagationPolicy }),
    ...(orphanDependents !== undefined && { orphanDependents }),
  };
}

const optionsKind = { group: '', version: 'v1', kind: 'DeleteOptions' };

function fromBody(body: Body): Given {
  const given = decodeOptionsBody(body, optionsKind) as unknown as Given;
  if (given.kind === 'DeleteOptions') return given;
  throw badRequest(
    `no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(given.apiVersion)} in scheme "pkg/runtime/scheme.go:111"`,
  );
}

function fromQuery(query: URLSearchParams): Given {
  const grace = parseInteger(query.get('gracePeriodSeconds'));
  const policy = query.get('propagationPolicy');
  const orphan = query.get('orphanDependents');
  return {
    ...(grace !== undefined && { gracePeriodSeconds: grace }),
    ...(policy !== null && { propagationPolicy: policy }),
    ...(orphan !== null && { orphanDependents: isTrue(orphan) }),
    ...(query.has('dryRun') && { dryRun: query.getAll('dryRun') }),
  };
}

// Like apimachinery pkg/apis/meta/v1/validation ValidateDeleteOptions.
function errorsIn({ propagationPolicy, orphanDependents, dryRun = [] }: Given): FieldError[] {
  const errors: FieldError[] = [];
  const field = 'propagationPolicy';
  const shown = JSON.stringify(propagationPolicy);
  if (propagationPolicy !== undefined && orphanDependents !== undefined) {
    const message = `Invalid value: ${shown}: orphanDependents and deletionPropagation cannot be both set`;
    errors.push({ field, reason: 'FieldValueInvalid', message });
  }
  if (propagationPolicy !== undefined && !['Foreground', 'Background', 'Orphan'].includes(propagationPolicy)) {
    const message = `Unsupported value: ${shown}: supported values: "Foreground", "Background", "Orphan", "nil"`;
    errors.push({ field, reason: 'FieldValueNotSupported', message });
  }
  return [...errors, ...dryRunErrors(dryRun)];
}

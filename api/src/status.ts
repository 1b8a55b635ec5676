/** Every error the API can answer with, by name. Thrown where it is known, rendered in one place (server/src/http/write-response.ts). */
// Like apimachinery pkg/api/errors.

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface StatusDetails {
  name?: string;
  group?: string;
  kind?: string;
  uid?: string;
  causes?: StatusCause[];
  retryAfterSeconds?: number;
}

export interface Status {
  kind: 'Status';
  apiVersion: 'v1';
  metadata: Record<string, never> | { continue?: string; resourceVersion?: string };
  status: 'Success' | 'Failure';
  message?: string;
  reason?: string;
  details?: StatusDetails;
  code: number;
}

/** A resource of a group, as errors name it: `deployments.apps`, or `pods` in the core group. */
export interface GroupResource {
  group: string;
  resource: string;
}

const qualified = ({ group, resource }: GroupResource) => (group ? `${resource}.${group}` : resource);

const detailsOf = ({ group, resource }: GroupResource, name?: string): StatusDetails => ({
  ...(name && { name }),
  ...(group && { group }),
  kind: resource,
});

export class StatusError extends Error {
  readonly status: Status;

  constructor(status: Omit<Status, 'kind' | 'apiVersion' | 'metadata' | 'status'> & { metadata?: Status['metadata'] }) {
    super(status.message);
    this.name = 'StatusError';
    const { metadata = {}, message, reason, details, code, ...rest } = status;
    // In the order of the type's fields, for whoever reads it as text.
    this.status = {
      ...{ kind: 'Status' as const, apiVersion: 'v1' as const, metadata, status: 'Failure' as const },
      ...(message !== undefined && { message }),
      ...(reason !== undefined && { reason }),
      ...(details !== undefined && { details }),
      ...{ code, ...rest },
    };
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** True for a StatusError, also one made in another realm or module instance. */
export function isStatusError(error: unknown): error is StatusError {
  return error instanceof Error && error.name === 'StatusError' && 'status' in error;
}

export const hasReason = (error: unknown, reason: string): boolean => isStatusError(error) && error.reason === reason;
export const isNotFound = (error: unknown): boolean => hasReason(error, 'NotFound');
export const isConflict = (error: unknown): boolean => hasReason(error, 'Conflict');
export const isAlreadyExists = (error: unknown): boolean => hasReason(error, 'AlreadyExists');

export const badRequest = (message: string) => new StatusError({ code: 400, reason: 'BadRequest', message });

export const unauthorized = () => new StatusError({ code: 401, reason: 'Unauthorized', message: 'Unauthorized' });

/** `message` says why; upstream's sentence around it is made here. */
export const forbidden = (resource: GroupResource, name: string, message: string) =>
  new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: name
      ? `${qualified(resource)} "${name}" is forbidden: ${message}`
      : `${qualified(resource)} is forbidden: ${message}`,
    details: detailsOf(resource, name),
  });

export const notFound = (resource: GroupResource, name: string) =>
  new StatusError({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(resource)} "${name}" not found`,
    details: detailsOf(resource, name),
  });

/** The path names nothing that is served. */
export const resourceNotServed = () =>
  new StatusError({
    code: 404,
    reason: 'NotFound',
    message: 'the server could not find the requested resource',
    details: {},
  });

export const methodNotAllowed = (message = 'the server does not allow this method on the requested resource') =>
  new StatusError({ code: 405, reason: 'MethodNotAllowed', message, details: {} });

export const notAcceptable = (accepted: readonly string[]) =>
  new StatusError({
    code: 406,
    reason: 'NotAcceptable',
    message: `only the following media types are accepted: ${accepted.join(', ')}`,
  });

export const alreadyExists = (resource: GroupResource, name: string) =>
  new StatusError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(resource)} "${name}" already exists`,
    details: detailsOf(resource, name),
  });

export const conflict = (
  resource: GroupResource,
  name: string,
  why = 'the object has been modified; please apply your changes to the latest version and try again',
) =>
  new StatusError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`,
    details: detailsOf(resource, name),
  });

/** A watch, list or continue token from before the kept history. */
export const expired = (message: string) => new StatusError({ code: 410, reason: 'Expired', message });

export const requestEntityTooLarge = (message: string) =>
  new StatusError({ code: 413, reason: 'RequestEntityTooLarge', message });

export const unsupportedMediaType = (message: string) =>
  new StatusError({ code: 415, reason: 'UnsupportedMediaType', message });

/** One thing wrong with one field; `reason` is upstream's cause type, `message` its text without the path. */
// Like apimachinery pkg/util/validation/field.Error.
export interface FieldError {
  field: string;
  reason:
    | 'FieldValueNotFound'
    | 'FieldValueRequired'
    | 'FieldValueDuplicate'
    | 'FieldValueInvalid'
    | 'FieldValueNotSupported'
    | 'FieldValueForbidden'
    | 'FieldValueTooLong'
    | 'FieldValueTooMany'
    | 'InternalError'
    | 'FieldValueTypeInvalid';
  message: string;
}

/** All that is wrong with an object, in one answer; identical causes are named once. */
export function invalid(
  kind: { group: string; kind: string },
  name: string,
  errors: readonly FieldError[],
): StatusError {
  const lines = [...new Set(errors.map(({ field, message }) => `${field}: ${message}`))];
  const list = lines.length === 1 ? lines[0] : `[${lines.join(', ')}]`;
  return new StatusError({
    code: 422,
    reason: 'Invalid',
    message: `${kind.group ? `${kind.kind}.${kind.group}` : kind.kind} "${name}" is invalid${lines.length ? `: ${list}` : ''}`,
    details: {
      ...(name && { name }),
      ...(kind.group && { group: kind.group }),
      ...(kind.kind && { kind: kind.kind }),
      ...(errors.length && { causes: errors.map(({ reason, message, field }) => ({ reason, message, field })) }),
    },
  });
}

export const tooManyRequests = (message: string, retryAfterSeconds: number) =>
  new StatusError({ code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds } });

export const internalError = (message: string) =>
  new StatusError({
    code: 500,
    reason: 'InternalError',
    message: `Internal error occurred: ${message}`,
    details: { causes: [{ message }] },
  });

export const serviceUnavailable = (message: string) =>
  new StatusError({ code: 503, reason: 'ServiceUnavailable', message });

/** Upstream has no words for it: etcd out of space is an internal error there. */
export const insufficientStorage = (message: string) =>
  new StatusError({ code: 507, reason: 'InsufficientStorage', message });

export const timeout = (message: string, details: StatusDetails = {}) =>
  new StatusError({ code: 504, reason: 'Timeout', message, details });

/** What the server refused, or that it did not answer. */
export interface StatusCause {
  readonly reason?: string;
  readonly message?: string;
  readonly field?: string;
}

export interface Status {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
  readonly details?: { readonly name?: string; readonly kind?: string; readonly causes?: readonly StatusCause[] };
}

/** A request that failed; `status.code` is 0 when no answer came. */
export class Failure extends Error {
  readonly status: Status;

  constructor(status: Status) {
    super(status.message);
    this.name = 'Failure';
    this.status = status;
  }
}

/** The failure an answer tells; answers that are no Status keep their code. */
export function failureOf(code: number, body: unknown): Failure {
  const status = (body ?? {}) as Partial<Status>;
  return new Failure({
    code: typeof status.code === 'number' ? status.code : code,
    reason: typeof status.reason === 'string' ? status.reason : '',
    message: typeof status.message === 'string' ? status.message : `HTTP ${code}`,
    ...(status.details ? { details: status.details } : {}),
  });
}

/** Anything thrown, as a Failure. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure({ code: 0, reason: 'NoAnswer', message: error instanceof Error ? error.message : String(error) });
}

/** What may be changed of a request: approval by /approval, the rest of its status by /status, and nothing is taken back. */
// Like validateCertificateSigningRequestUpdate of pkg/apis/certificates/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { semanticallyEqual } from '../equality.ts';
import type { CertificateRequest, Condition } from './request-fields.ts';
import { validateRequest } from './validate-request.ts';

const path = 'status.conditions';
const approvals = ['Approved', 'Denied'];

export function validateRequestUpdate(
  changed: CertificateRequest,
  old: CertificateRequest,
  subresource: string,
): FieldErrors {
  const errors = validateRequest(changed);
  const [now, before] = [changed.status?.conditions ?? [], old.status?.conditions ?? []];
  for (const type of [...approvals, 'Failed'])
    if (of(now, type).length < of(before, type).length)
      errors.forbidden(path, `updates may not remove a condition of type ${JSON.stringify(type)}`);
  if (subresource !== 'approval') validateApproval(now, before, errors);
  const [certificate = '', stored = ''] = [changed.status?.certificate, old.status?.certificate];
  if (certificate === stored) return errors;
  if (subresource !== 'status') errors.forbidden('status.certificate', 'updates may not set certificate content');
  else if (stored) errors.forbidden('status.certificate', 'updates may not modify existing certificate content');
  return errors;
}

const of = (conditions: readonly Condition[], type: string): Condition[] =>
  conditions.filter((condition) => condition.type === type);

function validateApproval(now: readonly Condition[], before: readonly Condition[], errors: FieldErrors): void {
  for (const type of approvals) {
    const [given, stored] = [of(now, type), of(before, type)];
    if (given.length > stored.length)
      errors.forbidden(path, `updates may not add a condition of type ${JSON.stringify(type)}`);
    else if (given.length === stored.length && !semanticallyEqual(given, stored))
      errors.forbidden(path, `updates may not modify a condition of type ${JSON.stringify(type)}`);
  }
}

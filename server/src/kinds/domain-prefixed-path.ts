/** Names that begin with somebody's domain: `example.com/controller`. */
// Like IsDomainPrefixedPath of apimachinery pkg/util/validation.
import type { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Subdomain } from '@naru/api/names';

const pathPattern = "[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+";

export function validateDomainPrefixedPath(value: string, path: string, errors: FieldErrors): void {
  if (!value) return errors.required(path);
  const slash = value.indexOf('/');
  const [domain, rest] = [value.slice(0, slash), value.slice(slash + 1)];
  if (slash <= 0 || !rest) return errors.invalid(path, value, 'must be a domain-prefixed path (such as "acme.io/foo")');
  errors.invalidEach(path, domain, checkDNS1123Subdomain(domain));
  if (/[^-A-Za-z0-9/._~%!$&'()*+,;=:]/.test(rest))
    errors.invalid(path, rest, `Invalid path (regex used for validation is '${pathPattern}')`);
}

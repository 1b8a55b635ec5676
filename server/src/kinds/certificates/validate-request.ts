/** Whether a request for a certificate is well-formed. */
// Like validateCertificateSigningRequest of pkg/apis/certificates/validation.
import { X509Certificate } from 'node:crypto';
import { FieldErrors } from '@naru/api/field-errors';
import { checkDNS1123Label, checkDNS1123Subdomain } from '@naru/api/names';
import { legacySigner, pemBlocks, textOf, type CertificateRequest, type Condition } from './request-fields.ts';

const usages = [
  ...['any', 'cert sign', 'client auth', 'code signing', 'content commitment', 'crl sign', 'data encipherment'],
  ...['decipher only', 'digital signature', 'email protection', 'encipher only', 'ipsec end system', 'ipsec tunnel'],
  ...['ipsec user', 'key agreement', 'key encipherment', 'microsoft sgc', 'netscape sgc', 'ocsp signing', 's/mime'],
  ...['server auth', 'signing', 'timestamping'],
];
const leastSeconds = 600;
const longestDomain = 253;

export function validateRequest({ spec = {}, status = {} }: CertificateRequest): FieldErrors {
  const errors = new FieldErrors();
  if (pemBlocks(textOf(spec.request))[0]?.type !== 'CERTIFICATE REQUEST')
    errors.invalid('spec.request', spec.request ?? null, 'PEM block type must be CERTIFICATE REQUEST');
  validateUsages(spec.usages ?? [], errors);
  if (spec.signerName === legacySigner)
    errors.invalid('spec.signerName', legacySigner, 'the legacy signerName is not allowed via this API version');
  else validateSigner(spec.signerName ?? '', 'spec.signerName', errors);
  if (spec.expirationSeconds !== undefined && spec.expirationSeconds < leastSeconds)
    errors.invalid(
      'spec.expirationSeconds',
      spec.expirationSeconds,
      'may not specify a duration less than 600 seconds (10 minutes)',
    );
  validateConditions(status.conditions ?? [], errors);
  const problem = status.certificate ? certificateProblem(textOf(status.certificate)) : undefined;
  if (problem) errors.invalid('status.certificate', '<certificate data>', problem);
  return errors;
}

function validateUsages(given: readonly string[], errors: FieldErrors): void {
  if (!given.length) errors.required('spec.usages');
  given.forEach((usage, index) => {
    if (!usages.includes(usage)) errors.notSupported(`spec.usages[${index}]`, usage, usages);
  });
  given.forEach((usage, index) => {
    if (given.indexOf(usage) < index) errors.duplicate(`spec.usages[${index}]`, usage);
  });
}

/** A domain and a name below it: `example.com/signer`. */
// Like ValidateSignerName.
function validateSigner(name: string, path: string, errors: FieldErrors): void {
  if (!name) return errors.required(path);
  const [domain = '', below = '', ...more] = name.split('/');
  if (!name.includes('/') || more.length)
    return errors.invalid(
      path,
      name,
      "must be a fully qualified domain and path of the form 'example.com/signer-name'",
    );
  if (domain.length > longestDomain) errors.tooLong(path, longestDomain);
  const labels = domain.split('.');
  for (const label of labels) errors.invalidEach(path, domain, labelled(label, checkDNS1123Label(label)));
  if (labels.length < 2)
    errors.invalid(path, domain, 'should be a domain with at least two segments separated by dots');
  for (const label of below.split('.')) errors.invalidEach(path, below, labelled(label, checkDNS1123Subdomain(label)));
}

const labelled = (label: string, problems: readonly string[]): string[] =>
  problems.map((problem) => `validating label ${JSON.stringify(label)}: ${problem}`);

const final = ['Approved', 'Denied', 'Failed'];

function validateConditions(conditions: readonly Condition[], errors: FieldErrors): void {
  const path = 'status.conditions';
  const seen = new Set<string>();
  conditions.forEach(({ type = '', status = '' }, index) => {
    if (!type) errors.required(`${path}[${index}].type`);
    const allowed = final.includes(type) ? ['True'] : ['False', 'True', 'Unknown'];
    if (!status) errors.required(`${path}[${index}].status`);
    else if (!allowed.includes(status)) errors.notSupported(`${path}[${index}].status`, status, allowed);
    if (seen.has(type)) errors.duplicate(`${path}[${index}].type`, type);
    const opposite = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : undefined;
    if (opposite && seen.has(opposite))
      errors.invalid(path, type, 'Approved and Denied conditions are mutually exclusive');
    seen.add(type);
  });
}

function certificateProblem(text: string): string | undefined {
  const blocks = pemBlocks(text);
  if (!blocks.length) return 'must contain at least one CERTIFICATE PEM block';
  const other = blocks.find(({ type }) => type !== 'CERTIFICATE');
  if (other) return `only CERTIFICATE PEM blocks are allowed, found ${JSON.stringify(other.type)}`;
  try {
    for (const { block } of blocks) new X509Certificate(block);
    return undefined;
  } catch {
    return 'x509: malformed certificate';
  }
}

/** CertificateSigningRequest: somebody asks a signer for a certificate, and others approve. */
// Like pkg/registry/certificates/certificates.
import { pathSegmentName } from '@naru/api/names';
import type { AnyObject } from '@naru/api/object';
import { timestamp } from '@naru/api/apply/track-update';
import { semanticallyEqual } from '../equality.ts';
import { defineKind } from '../define-kind.ts';
import { keep } from '../spec-and-status.ts';
import { ageColumn, humanDuration, nameColumn } from '../table-columns.ts';
import { requestOf, type Condition } from './request-fields.ts';
import { validateRequest } from './validate-request.ts';
import { validateRequestUpdate } from './validate-request-update.ts';

export const certificateSigningRequest = defineKind({
  group: 'certificates.k8s.io',
  kind: 'CertificateSigningRequest',
  scope: 'Cluster',
  shortNames: ['csr'],
  schema: 'k8s.io.api.certificates.v1.CertificateSigningRequest',
  subresources: ['approval', 'status'],
  generation: false,
  validateName: pathSegmentName,

  prepareForCreate(object) {
    object['status'] = {};
  },

  prepareForUpdate(object, old, { subresource, now }) {
    keep(object, old, 'spec');
    const [changed, stored] = [requestOf(object), requestOf(old)];
    if (subresource === '') return keep(object, old, 'status');
    const before = stored.status?.conditions ?? [];
    const given = changed.status?.conditions ?? [];
    const conditions = subresource === 'status' ? keepApproval(given, before) : given;
    if (subresource === 'approval') changed.status = { ...stored.status };
    const stamped = stampConditions(conditions, before, timestamp(now));
    changed.status = { ...changed.status, ...(stamped.length && { conditions: stamped }) };
    if (!stamped.length) delete changed.status.conditions;
  },

  validate: (object) => validateRequest(requestOf(object)).list,
  validateUpdate: (object, old, { subresource }) =>
    validateRequestUpdate(requestOf(object), requestOf(old), subresource).list,

  selectableFields: { 'spec.signerName': (object) => requestOf(object).spec?.signerName ?? '' },

  columns: [
    nameColumn,
    ageColumn,
    { name: 'SignerName', value: (object) => requestOf(object).spec?.signerName || '<none>' },
    { name: 'Requestor', value: (object) => requestOf(object).spec?.username ?? '' },
    { name: 'RequestedDuration', value: (object) => duration(requestOf(object).spec?.expirationSeconds) },
    { name: 'Condition', value: state },
  ],
  columnsComplete: true,

  example: {
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name: 'example' },
    spec: {
      request: Buffer.from(
        '-----BEGIN CERTIFICATE REQUEST-----\nMIHRMHkCAQAwFzEVMBMGA1UEAwwMZXhhbXBsZS11c2VyMFkwEwYHKoZIzj0CAQYI\n-----END CERTIFICATE REQUEST-----\n',
      ).toString('base64'),
      signerName: 'kubernetes.io/kube-apiserver-client',
      usages: ['client auth'],
    },
  },
});

/** Who writes the rest of the status need not repeat what was said at the approval. */
const keepApproval = (given: readonly Condition[], before: readonly Condition[]): Condition[] =>
  given.map((condition) =>
    condition.type === 'Approved' || condition.type === 'Denied'
      ? (before.find(({ type }) => type === condition.type) ?? condition)
      : condition,
  );

/** Conditions say when they were written and when they last changed; who writes them need not. */
// Like populateConditionTimestamps.
function stampConditions(conditions: readonly Condition[], before: readonly Condition[], now: string): Condition[] {
  return conditions.map((condition) => {
    const same = before.find(({ type }) => type === condition.type);
    const { lastTransitionTime: _t, lastUpdateTime: _u, ...bare } = condition;
    const { lastTransitionTime, lastUpdateTime, ...known } = same ?? {};
    const since = same?.status === condition.status ? lastTransitionTime : undefined;
    const unchanged = semanticallyEqual(bare, known) ? lastUpdateTime : undefined;
    return {
      ...condition,
      lastTransitionTime: condition.lastTransitionTime ?? since ?? now,
      lastUpdateTime: condition.lastUpdateTime ?? unchanged ?? now,
    };
  });
}

const duration = (seconds: number | undefined): string =>
  seconds === undefined ? '<none>' : humanDuration(seconds * 1000);

function state(object: AnyObject): string {
  const { conditions = [], certificate = '' } = requestOf(object).status ?? {};
  const has = (type: string) => conditions.some((condition) => condition.type === type);
  const decision = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending';
  return [decision, ...(has('Failed') ? ['Failed'] : []), ...(certificate ? ['Issued'] : [])].join(',');
}

/** Who asks for a certificate is who they are; who approves and signs must be allowed to, for the signer at hand. */
// Like plugin/pkg/admission/certificates and PrepareForCreate of pkg/registry/certificates/certificates.
import type { Authorizer } from '../../authz/authorize.ts';
import { mastersGroup } from '../../authz/system-masters.ts';
import { requestOf, textOf } from '../../kinds/certificates/request-fields.ts';
import { semanticallyEqual } from '../../kinds/equality.ts';
import type { AdmissionPlugin, Attributes } from '../admission.ts';
import { refusal } from '../refusal.ts';

const group = 'certificates.k8s.io';
const clientSigner = 'kubernetes.io/kube-apiserver-client';

export const certificateRequests = ({ authorizer }: { authorizer: Authorizer }): AdmissionPlugin => ({
  name: 'CertificateRequests',
  mutate(attributes) {
    if (attributes.kind.group === group && attributes.operation === 'CREATE') return identify(attributes);
  },
  validate(attributes) {
    if (attributes.kind.group !== group || !attributes.object) return undefined;
    if (attributes.operation === 'CREATE') return refuseMasters(attributes);
    if (attributes.subresource === 'approval') assertMay('approve', attributes, authorizer);
    if (attributes.subresource === 'status' && signs(attributes)) assertMay('sign', attributes, authorizer);
    return undefined;
  },
});

function identify({ object, user }: Attributes): void {
  const request = requestOf(object!);
  const { username: _n, uid: _u, groups: _g, extra: _e, ...spec } = request.spec ?? {};
  request.spec = {
    ...spec,
    username: user.name,
    ...(user.uid && { uid: user.uid }),
    ...(user.groups.length && { groups: [...user.groups] }),
    ...(user.extra?.size && {
      extra: Object.fromEntries([...user.extra].map(([key, values]) => [key, [...values]])),
    }),
  };
}

/** A certificate for this group could not be taken back. */
async function refuseMasters(attributes: Attributes): Promise<void> {
  const { spec = {} } = requestOf(attributes.object!);
  if (spec.signerName !== clientSigner) return;
  const { organizationsAsked } = await import('./organizations-asked.ts');
  if (organizationsAsked(textOf(spec.request)).includes(mastersGroup))
    throw refusal(attributes, `use of ${clientSigner} signer with ${mastersGroup} group is not allowed`);
}

function signs({ object, oldObject }: Attributes): boolean {
  const [now, before] = [requestOf(object!).status, oldObject && requestOf(oldObject).status];
  return (
    (now?.certificate ?? '') !== (before?.certificate ?? '') ||
    !semanticallyEqual(now?.conditions ?? [], before?.conditions ?? [])
  );
}

/** The right to one signer, or to all of its domain. */
function assertMay(verb: 'approve' | 'sign', attributes: Attributes, authorizer: Authorizer): void {
  const { user, oldObject } = attributes;
  const signer = (oldObject && requestOf(oldObject).spec?.signerName) ?? '';
  const names = [signer, `${signer.split('/')[0]}/*`];
  const asked = { user, verb, group, version: '*', resource: 'signers', subresource: '', namespace: '' };
  if (names.some((name) => authorizer({ ...asked, name }).opinion === 'allow')) return;
  throw refusal(attributes, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signer)}`);
}

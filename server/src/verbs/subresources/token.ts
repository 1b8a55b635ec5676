/** serviceaccounts/token: a token for a service account, for a while, perhaps only as long as a pod lives. */
// Like pkg/registry/core/serviceaccount/storage TokenREST.
import type { AuthenticationV1TokenRequest } from '@kubernetes/client-node';
import { builtInType, emptyObject } from '@naru/api/apply/built-in-types';
import { trackUpdate } from '@naru/api/apply/track-update';
import type { JsonObject } from '@naru/api/json-object';
import type { AnyObject } from '@naru/api/object';
import { typeNamed } from '@naru/api/schema/schema-table';
import { badRequest, conflict, invalid, type FieldError } from '@naru/api/status';
import { goQuote } from '@naru/api/go-values';
import type { Named, ServiceAccountTokens, TokenSubject } from '../../authn/service-account-tokens.ts';
import { fieldsOf, type ObjectFields } from '../../kinds/fields.ts';
import type { Api, Target } from '../api.ts';
import { get } from '../get.ts';
import { timestamp } from '../prepare.ts';

type TokenRequest = ObjectFields<AuthenticationV1TokenRequest>;

const usualSeconds = 3600;
const leastSeconds = 600;
const mostSeconds = 2 ** 32;
const requestKind = { group: 'authentication.k8s.io', kind: 'TokenRequest' };

export interface RequestTokenRequest extends Target {
  /** Decoded; it is changed and answered. */
  readonly object: AnyObject;
  readonly tokens: ServiceAccountTokens;
  readonly fieldManager: string;
  readonly dryRun: boolean;
}

export async function requestToken(request: RequestTokenRequest, api: Api): Promise<AnyObject> {
  const { kind, namespace, name, object, tokens } = request;
  const asked = fieldsOf<AuthenticationV1TokenRequest>(object);
  const account = get({ kind, namespace, name }, api).object;
  assertNames(asked, name, namespace);
  asked.metadata = {
    ...asked.metadata,
    name,
    namespace,
    uid: account.metadata.uid!,
    creationTimestamp: timestamp(api.clock.now()),
  };
  const spec = { ...asked.spec };
  spec.expirationSeconds ??= usualSeconds;
  // Upstream counts as written what was asked for, before the audience is known.
  const owners = ownersOf({ ...object, metadata: asked.metadata, spec }, request, api);
  spec.audiences = spec.audiences?.length ? spec.audiences : [tokens.issuer];
  assertSeconds(spec.expirationSeconds);
  const bound = boundTo(spec.boundObjectRef, namespace, name, api);
  const subject = { namespace, serviceAccount: namedBy(account), ...bound };
  const { token, expires } = await tokens.issue(subject, spec.audiences as string[], spec.expirationSeconds);
  const metadata = { ...asked.metadata, ...(owners && { managedFields: owners }) };
  return { ...object, metadata, spec, status: { token, expirationTimestamp: timestamp(expires) } } as AnyObject;
}

function ownersOf(after: object, { fieldManager, subresource }: RequestTokenRequest, api: Api) {
  const schema = typeNamed('k8s.io.api.authentication.v1.TokenRequest')!;
  const kind = { ...requestKind, version: 'v1', type: builtInType(schema), empty: emptyObject(schema) };
  const now = api.clock.now();
  return trackUpdate({ before: undefined, after: after as JsonObject, manager: fieldManager, kind, subresource, now });
}

const namedBy = ({ metadata }: AnyObject): Named => ({ name: metadata.name ?? '', uid: metadata.uid ?? '' });

function assertNames({ metadata }: TokenRequest, name: string, namespace: string): void {
  if (metadata.namespace && metadata.namespace !== namespace)
    throw badRequest('the namespace of the provided object does not match the namespace sent on the request');
  const errors: FieldError[] = [];
  const mustMatch = (field: string, value: string | undefined, right: string, what: string) => {
    if (!value || value === right) return;
    const message = `Invalid value: ${goQuote(value)}: must match the service account ${what} if specified`;
    errors.push({ field, reason: 'FieldValueInvalid', message });
  };
  mustMatch('metadata.name', metadata.name, name, 'name');
  if (errors.length) throw invalid(requestKind, name, errors);
}

function assertSeconds(seconds: number): void {
  const refuse = (detail: string) =>
    invalid(requestKind, '', [
      { field: 'spec.expirationSeconds', reason: 'FieldValueInvalid', message: `Invalid value: ${seconds}: ${detail}` },
    ]);
  if (seconds < leastSeconds) throw refuse('may not specify a duration less than 10 minutes');
  if (seconds > mostSeconds) throw refuse('may not specify a duration larger than 2^32 seconds');
}

type Reference = NonNullable<NonNullable<TokenRequest['spec']>['boundObjectRef']>;

/** What the token ends with, besides its time. */
function boundTo(
  reference: Reference | null | undefined,
  namespace: string,
  account: string,
  api: Api,
): Pick<TokenSubject, 'pod' | 'secret' | 'node'> {
  if (!reference) return {};
  const { apiVersion = '', kind: kindName = '', name = '', uid } = reference;
  const slash = apiVersion.indexOf('/');
  const group = slash < 0 ? '' : apiVersion.slice(0, slash);
  const kind = ['Pod', 'Secret', 'Node'].includes(kindName)
    ? api.catalog.byKind({ group, version: apiVersion.slice(slash + 1) || 'v1', kind: kindName })
    : undefined;
  if (!kind) {
    const shown = slash < 0 ? `/${apiVersion}` : apiVersion;
    throw badRequest(`cannot bind token to object of type ${shown}, Kind=${kindName}`);
  }
  const found = get({ kind, namespace: kindName === 'Node' ? '' : namespace, name }, api).object;
  if (uid && uid !== found.metadata.uid) {
    const why = `the UID in the bound object reference (${uid}) does not match the UID in record. The object might have been deleted and then recreated`;
    throw conflict({ group: '', resource: kindName }, name, why);
  }
  if (kindName === 'Node') return { node: namedBy(found) };
  return kindName === 'Secret' ? { secret: namedBy(found) } : boundToPod(found, account, api);
}

function boundToPod(pod: AnyObject, account: string, api: Api): Pick<TokenSubject, 'pod' | 'node'> {
  const { spec } = pod as { spec?: { serviceAccountName?: string; nodeName?: string } };
  if (spec?.serviceAccountName !== account) {
    throw badRequest(
      `cannot bind token for serviceaccount ${goQuote(account)} to pod running with different serviceaccount name.`,
    );
  }
  const nodeKind = api.catalog.byKind({ group: '', version: 'v1', kind: 'Node' });
  const node =
    spec.nodeName &&
    nodeKind &&
    api.cache.resource(nodeKind.storagePrefix).get(`/registry/${nodeKind.storagePrefix}/${spec.nodeName}`);
  return { pod: namedBy(pod), ...(node && { node: namedBy(node.object) }) };
}

/** Acting as somebody else, for those who may. */
// Like apiserver pkg/endpoints/filters/impersonation.
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { badRequest, isStatusError } from '@naru/api/status';
import { goQuote } from '@naru/api/go-values';
import { assertAllowed, type Attributes, type Authorizer } from '../authz/authorize.ts';
import type { User } from './user.ts';

interface Wanted {
  readonly name: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: ReadonlyMap<string, readonly string[]>;
}

const impersonatePrefix = 'impersonate-';
const extraPrefix = `${impersonatePrefix}extra-`;
const serviceAccountPrefix = 'system:serviceaccount:';
const nodePrefix = 'system:node:';

/** A requester's rights of the older kind, once used, decide which refusal is shown. */
export type RememberedImpersonators = Set<string>;

export interface ImpersonationOptions {
  readonly authorizer: Authorizer;
  readonly remembered: RememberedImpersonators;
}

/** Undefined when nothing of the kind is asked for. Throws 400 without a user, 403 without the right. */
export function impersonate(
  request: IncomingMessage,
  requester: User,
  asked: () => Attributes,
  { authorizer, remembered }: ImpersonationOptions,
): User | undefined {
  if (!namesAnother(request.headers)) return undefined;
  const wanted = wantedUser(request.headers, request.headersDistinct);
  if (!wanted) return undefined;
  try {
    for (const each of rightsNeeded(wanted, requester)) assertAllowed(each, authorizer);
    if (remembered.size > 10_000) remembered.clear();
    remembered.add(requester.name);
  } catch (error) {
    if (!isStatusError(error) || remembered.has(requester.name)) throw error;
    assertConstrained(wanted, requester, asked(), authorizer);
  }
  return { ...userOf(wanted) };
}

/** Hardly any request does, and every request is asked. */
function namesAnother(headers: IncomingHttpHeaders): boolean {
  for (const header in headers) if (header.startsWith(impersonatePrefix)) return true;
  return false;
}

function wantedUser(headers: IncomingHttpHeaders, distinct: NodeJS.Dict<string[]>): Wanted | undefined {
  const name = first(headers['impersonate-user']);
  const uid = first(headers['impersonate-uid']);
  const groups = distinct['impersonate-group'] ?? [];
  const extra = new Map<string, readonly string[]>();
  for (const [header, values = []] of Object.entries(distinct)) {
    if (header.startsWith(extraPrefix)) extra.set(unescape(header.slice(extraPrefix.length)), values);
  }
  if (name) return { name, uid, groups, extra };
  if (!uid && groups.length === 0 && extra.size === 0) return undefined;
  throw badRequest(`requested ${goUser({ name, uid, groups, extra })} without impersonating a user name`);
}

const first = (header: string | string[] | undefined): string => [header ?? ''].flat()[0] ?? '';

/** Header names are percent-encoded where keys have letters that headers cannot. */
function unescape(text: string): string {
  try {
    return decodeURIComponent(text).toLowerCase();
  } catch {
    return text;
  }
}

function goUser({ name, uid, groups, extra }: Wanted): string {
  const list = (values: readonly string[]) => `[]string{${values.map(goQuote).join(', ')}}`;
  const shownGroups = groups.length ? list(groups) : '[]string(nil)';
  const entries = [...extra].map(([key, values]) => `${goQuote(key)}:${list(values)}`).join(', ');
  const shownExtra = extra.size ? `map[string][]string{${entries}}` : 'map[string][]string(nil)';
  return `&user.DefaultInfo{Name:${goQuote(name)}, UID:${goQuote(uid)}, Groups:${shownGroups}, Extra:${shownExtra}}`;
}

type Part = { resource: string; group: string; name: string; namespace?: string; subresource?: string };

const authenticationGroup = 'authentication.k8s.io';

function partsOf({ name, uid, groups, extra }: Wanted, groupOfUsers: string): Part[] {
  const account = serviceAccountOf(name);
  const who: Part = account
    ? { resource: 'serviceaccounts', group: '', ...account }
    : { resource: 'users', group: groupOfUsers, name };
  return [
    who,
    ...groups.map((group) => ({ resource: 'groups', group: groupOfUsers, name: group })),
    ...[...extra].flatMap(([key, values]) =>
      values.map((value) => ({ resource: 'userextras', group: authenticationGroup, subresource: key, name: value })),
    ),
    ...(uid ? [{ resource: 'uids', group: authenticationGroup, name: uid }] : []),
  ];
}

const attributesOf = (user: User, verb: string, part: Part): Attributes => ({
  user,
  verb,
  version: 'v1',
  namespace: '',
  subresource: '',
  ...part,
});

const rightsNeeded = (wanted: Wanted, user: User): Attributes[] =>
  partsOf(wanted, '').map((part) => attributesOf(user, 'impersonate', part));

/** The newer rights: to be this user, and to be it while doing this. */
function assertConstrained(wanted: Wanted, user: User, asked: Attributes, authorizer: Authorizer): void {
  const mode = serviceAccountOf(wanted.name)
    ? 'serviceaccount'
    : wanted.name.startsWith(nodePrefix)
      ? 'arbitrary-node'
      : 'user-info';
  assertAllowed({ ...asked, user, verb: `impersonate-on:${mode}:${asked.verb}` }, authorizer);
  const parts = partsOf(wanted, authenticationGroup);
  if (mode === 'arbitrary-node') {
    const node = { resource: 'nodes', group: authenticationGroup, name: wanted.name.slice(nodePrefix.length) };
    parts.splice(0, 1, node);
  }
  for (const part of parts) assertAllowed(attributesOf(user, `impersonate:${mode}`, part), authorizer);
}

function serviceAccountOf(name: string): { namespace: string; name: string } | undefined {
  if (!name.startsWith(serviceAccountPrefix)) return undefined;
  const [namespace, account, ...rest] = name.slice(serviceAccountPrefix.length).split(':');
  return namespace && account && rest.length === 0 ? { namespace, name: account } : undefined;
}

function userOf({ name, uid, groups, extra }: Wanted): User {
  const account = serviceAccountOf(name);
  const given =
    groups.length === 0 && account ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`] : groups;
  const everybody = name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated';
  const all = given.includes(everybody) ? given : [...given, everybody];
  return { name, ...(uid && { uid }), groups: all, ...(extra.size && { extra }) };
}

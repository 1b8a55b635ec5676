/** /auth: session, setup, login, logout here or everywhere, password. Answers are data and codes, never sentences. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isOwnOrigin } from '../host-names.ts';
import { readJson } from './read-json.ts';
import { Refusal } from './refusal.ts';
import { noSessionCookie, sessionCookie, tokenOf } from './session-cookie.ts';
import { isCsrf, lifetime, type Scheme, type Sessions, type SignedIn } from './sessions.ts';
import type { Accounts } from './account.ts';
import type { Caller, Opened, SignIn } from './sign-in.ts';

export interface AuthRoutesOptions {
  readonly signIn: SignIn;
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  /** As /version tells it. */
  readonly serverVersion: string;
}

interface Answer {
  readonly code: number;
  readonly body?: object;
  readonly cookie?: string;
}

type Route = (request: IncomingMessage, over: Scheme, options: AuthRoutesOptions) => Promise<Answer>;

const routes = new Map<string, Route>([
  ['GET /auth/session', showSession],
  ['POST /auth/setup', setUp],
  ['POST /auth/login', logIn],
  ['POST /auth/logout', logOut],
  ['POST /auth/logout-everywhere', logOutEverywhere],
  ['POST /auth/password', changePassword],
]);

export async function serveAuth(
  request: IncomingMessage,
  response: ServerResponse,
  over: Scheme,
  options: AuthRoutesOptions,
): Promise<void> {
  const path = request.url!.split('?', 1)[0]!;
  try {
    const route = routes.get(`${request.method} ${path}`);
    if (!route) throw new Refusal('NotFound');
    if (request.method === 'POST' && !isOwnOrigin(request, over)) throw new Refusal('WrongOrigin');
    answer(response, await route(request, over, options));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    if (!request.complete) response.setHeader('Connection', 'close');
    if (error.code === 'Locked') response.setHeader('Retry-After', String(error.params['seconds']));
    answer(response, { code: error.status, body: { code: error.code, params: error.params } });
  }
}

function answer(response: ServerResponse, { code, body, cookie }: Answer): void {
  const text = body ? JSON.stringify(body) : '';
  if (cookie) response.setHeader('Set-Cookie', cookie);
  response.writeHead(code, {
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(text),
    ...(body && { 'Content-Type': 'application/json' }),
  });
  response.end(text);
}

async function showSession(request: IncomingMessage, over: Scheme, options: AuthRoutesOptions): Promise<Answer> {
  const { accounts, sessions, signIn } = options;
  const token = tokenOf(request);
  const account = await accounts.administrator();
  const signedIn = sessions.find(token, account, over);
  if (!account || !signedIn) return { code: 401, body: { setup: await signIn.needsSetup() } };
  const body = sessionBody(account.name, signedIn, options);
  // The browser's copy of a long session lives as long as ours only if it is told again.
  return { code: 200, body, ...(signedIn.remembered && { cookie: cookieOf(token!, signedIn, over) }) };
}

async function setUp(request: IncomingMessage, over: Scheme, options: AuthRoutesOptions): Promise<Answer> {
  const given = await readJson(request);
  const fields = { code: textOf(given, 'code'), name: textOf(given, 'name'), password: textOf(given, 'password') };
  return opened(await options.signIn.setUp(callerOf(request, over), fields), over, options);
}

async function logIn(request: IncomingMessage, over: Scheme, options: AuthRoutesOptions): Promise<Answer> {
  const given = await readJson(request);
  const fields = {
    name: textOf(given, 'name'),
    password: textOf(given, 'password'),
    remember: given.get('remember') === true,
  };
  return opened(await options.signIn.logIn(callerOf(request, over), fields), over, options);
}

async function logOut(
  request: IncomingMessage,
  over: Scheme,
  { accounts, sessions }: AuthRoutesOptions,
): Promise<Answer> {
  const signedIn = sessions.find(tokenOf(request), await accounts.administrator(), over);
  if (signedIn) await sessions.close(signedIn.id);
  return { code: 204, cookie: noSessionCookie(over === 'https') };
}

/** Whoever is signed in, and whose page it is that asks. */
async function signedInPage(request: IncomingMessage, over: Scheme, { accounts, sessions }: AuthRoutesOptions) {
  const account = await accounts.administrator();
  const signedIn = sessions.find(tokenOf(request), account, over);
  if (!account || !signedIn) throw new Refusal('NotSignedIn');
  if (!isCsrf(signedIn, request.headers['x-naru-csrf'])) throw new Refusal('WrongOrigin');
  return { account, signedIn };
}

async function logOutEverywhere(request: IncomingMessage, over: Scheme, options: AuthRoutesOptions): Promise<Answer> {
  await signedInPage(request, over, options);
  await options.sessions.closeOthers(undefined);
  return { code: 204, cookie: noSessionCookie(over === 'https') };
}

async function changePassword(request: IncomingMessage, over: Scheme, options: AuthRoutesOptions): Promise<Answer> {
  const { account, signedIn } = await signedInPage(request, over, options);
  const given = await readJson(request);
  const fields = { current: textOf(given, 'current'), password: textOf(given, 'password') };
  await options.signIn.changePassword(signedIn, account, callerOf(request, over), fields);
  return { code: 204 };
}

function opened({ token, signedIn, account }: Opened, over: Scheme, options: AuthRoutesOptions): Answer {
  const body = sessionBody(account.name, signedIn, options);
  return { code: 200, body, cookie: cookieOf(token, signedIn, over) };
}

const sessionBody = (name: string, { csrf }: SignedIn, { serverVersion }: AuthRoutesOptions): object => ({
  user: { name },
  csrf,
  server: { version: serverVersion },
});

const cookieOf = (token: string, { remembered }: SignedIn, over: Scheme): string =>
  sessionCookie(token, { secure: over === 'https', ...(remembered && { maxAgeSeconds: lifetime.remembered / 1000 }) });

const callerOf = ({ socket }: IncomingMessage, over: Scheme): Caller => ({ address: socket.remoteAddress ?? '', over });

function textOf(given: ReadonlyMap<string, unknown>, field: string): string {
  const value = given.get(field);
  if (typeof value !== 'string') throw new Refusal('BadRequest', { field });
  return value;
}

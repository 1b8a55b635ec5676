/** The page as it is served: what it may do, what it weighs, and who may ask for it. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { WebSocket } from 'ws';
import { administrator } from '../../harness/dashboard/sign-in.ts';
import { useDashboard } from '../../harness/dashboard/use-dashboard.ts';
import { hostAddress } from '../../harness/test-host.ts';

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

interface Ask {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: object;
  over?: 'http' | 'https';
}

const dashboard = useDashboard();

function ask({ path = '/', method = 'GET', headers = {}, body, over = 'http' }: Ask): Promise<Answer> {
  const { port, host } = new URL(dashboard.origin);
  const options = {
    ...(over === 'http' ? { host: '127.0.0.1' } : { host: hostAddress, rejectUnauthorized: false }),
    ...{ port, path, method, agent: false as const },
    headers: { host, ...(body && { 'content-type': 'application/json' }), ...headers },
  };
  return new Promise((resolve, reject) => {
    const sent = (over === 'http' ? httpRequest : httpsRequest)(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks) }),
      );
    });
    sent.on('error', reject);
    sent.end(body && JSON.stringify(body));
  });
}

const own = () => ({ origin: dashboard.origin });
const logIn = (headers: Record<string, string>, password = administrator.password, over: 'http' | 'https' = 'http') =>
  ask({
    path: '/auth/login',
    method: 'POST',
    headers,
    body: { name: administrator.name, password, remember: false },
    over,
  });

describe('59: the page is let do nothing but what it needs', () => {
  test('its policy allows no inline script, no frame and no other host, and nothing was reported against it', async () => {
    const { headers, body } = await ask({});
    const policy = String(headers['content-security-policy']);
    expect(policy).toContain("default-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe-(inline|eval)|\*|https?:/);
    const nonce = /'nonce-([^']+)'/.exec(policy)?.[1] ?? '';
    expect(body.toString().toLowerCase()).toContain(`ngcspnonce="${nonce.toLowerCase()}"`);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['referrer-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  test('the nonce is another one every time', async () => {
    const [one, two] = [await ask({}), await ask({})];
    expect(one.headers['content-security-policy']).not.toBe(two.headers['content-security-policy']);
  });

  test('answers of the API are data that no browser keeps', async () => {
    const { cookies } = await signedIn();
    const { headers, status } = await ask({ path: '/api/v1/namespaces', headers: { cookie: cookies } });
    expect(status).toBe(200);
    expect(headers['cache-control']).toBe('no-store');
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});

describe('60: the page is light', () => {
  test('the first files are at most 180 kB compressed, and neither terminal, editor nor charts are among them', async () => {
    const index = (await ask({})).body.toString();
    const names = new Set([...index.matchAll(/(?:href|src)="([^"]+\.(?:js|css))"/g)].map(([, name]) => name ?? ''));
    let total = 0;
    for (const name of names) {
      total += (await ask({ path: `/${name}`, headers: { 'accept-encoding': 'gzip' } })).body.length;
      const text = (await ask({ path: `/${name}` })).body.toString();
      expect(text).not.toMatch(/xterm-helper-textarea|cm-content|u-legend/);
    }
    process.stderr.write(`  60: ${Math.round(total / 1000)} kB in ${names.size} files\n`);
    expect(total).toBeGreaterThan(50_000);
    expect(total).toBeLessThan(180_000);
  });

  test('its files are compressed beforehand and kept for good; the page itself is asked for anew', async () => {
    const index = await ask({});
    expect(index.headers['cache-control']).toBe('no-store');
    const main = /src="(main-[^"]+\.js)"/.exec(index.body.toString())?.[1] ?? '';
    for (const [accept, coding] of [
      ['br, gzip', 'br'],
      ['gzip', 'gzip'],
      ['gzip;q=0', undefined],
    ] as const) {
      const file = await ask({ path: `/${main}`, headers: { 'accept-encoding': accept } });
      expect(file.headers['content-encoding']).toBe(coding);
      expect(file.headers['cache-control']).toContain('immutable');
      expect(file.headers['vary']).toBe('Accept-Encoding');
      const again = await ask({
        path: `/${main}`,
        headers: { 'accept-encoding': accept, 'if-none-match': String(file.headers['etag']) },
      });
      expect(again.status).toBe(304);
    }
  });

  test.each(['/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/main.js%00', '/nothing.js'])(
    '%s is no file of the page',
    async (path) => {
      expect((await ask({ path })).status).toBe(404);
    },
  );
});

async function signedIn(): Promise<{ cookies: string; csrf: string }> {
  const answer = await logIn(own());
  const { csrf } = JSON.parse(answer.body.toString()) as { csrf: string };
  return { cookies: String(answer.headers['set-cookie']?.[0]).split(';')[0]!, csrf };
}

describe('D1: without a session there is nothing', () => {
  test.each(['/api', '/apis', '/version', '/openapi/v3', '/api/v1/secrets', '/apis/apps/v1/deployments'])(
    '%s',
    async (path) => {
      expect((await ask({ path })).status).toBe(401);
    },
  );

  test.each(['naru-session=', 'naru-session=x', `naru-session=${'A'.repeat(43)}`, 'other=1'])(
    'with the cookie %s',
    async (cookie) => {
      expect((await ask({ path: '/api/v1/pods', headers: { cookie } })).status).toBe(401);
    },
  );

  test('a bearer token of the cluster does not open the dashboard', async () => {
    expect((await ask({ path: '/api/v1/pods', headers: { authorization: 'Bearer x' } })).status).toBe(401);
  });
});

describe('D2: a page of another site cannot speak through a visitor', () => {
  let session: { cookies: string; csrf: string };
  beforeAll(async () => {
    session = await signedIn();
  });

  const upgrade = (path: string, headers: Record<string, string>) =>
    new Promise<number>((resolve) => {
      const socket = new WebSocket(`${dashboard.origin.replace('http', 'ws')}${path}`, ['v5.channel.k8s.io'], {
        headers,
      });
      socket.on('open', () => {
        resolve(101);
        socket.close();
      });
      socket.on('unexpected-response', (_, response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      socket.on('error', () => resolve(0));
    });

  const exec = '/api/v1/namespaces/default/pods/x/exec?command=sh&stdout=true';
  const foreign = (): Record<string, Record<string, string>> => ({
    missing: {},
    evil: { origin: 'http://evil.example' },
    null: { origin: 'null' },
    'of a name that begins alike': { origin: `${dashboard.origin}.evil.example` },
    'of another port': { origin: 'http://127.0.0.1:1' },
    'of another scheme': { origin: dashboard.origin.replace('http', 'https') },
  });

  test.each(['missing', 'evil', 'null', 'of a name that begins alike', 'of another port', 'of another scheme'])(
    'sockets with the Origin %s are refused',
    async (name) => {
      const headers = { cookie: session.cookies, ...foreign()[name] };
      expect(await upgrade('/stream', headers)).toBe(403);
      expect(await upgrade(exec, headers)).toBe(403);
    },
  );

  test('with the own Origin they are let through, and without a session they are not', async () => {
    expect(await upgrade('/stream', { cookie: session.cookies, ...own() })).toBe(101);
    expect(await upgrade('/stream', own())).toBe(401);
  });

  test('writes need the token of the session, and no foreign Origin', async () => {
    const path = '/api/v1/namespaces/default/configmaps?dryRun=All';
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'written' } };
    const write = async (headers: Record<string, string>) =>
      (await ask({ path, method: 'POST', body, headers: { cookie: session.cookies, ...headers } })).status;
    expect(await write(own())).toBe(403);
    expect(await write({ ...own(), 'x-naru-csrf': 'wrong' })).toBe(403);
    expect(await write({ origin: 'http://evil.example', 'x-naru-csrf': session.csrf })).toBe(403);
    expect(await write({ ...own(), 'x-naru-csrf': session.csrf })).toBe(201);
  });

  test('sign-in and sign-out need the own Origin', async () => {
    expect((await logIn({})).status).toBe(403);
    expect((await logIn({ origin: 'http://evil.example' })).status).toBe(403);
    const out = await ask({
      path: '/auth/logout',
      method: 'POST',
      headers: { cookie: session.cookies, origin: 'null' },
    });
    expect(out.status).toBe(403);
    expect((await ask({ path: '/api', headers: { cookie: session.cookies } })).status).toBe(200);
  });

  test('what an app serves through the proxy is never shown under the own origin', async () => {
    const { status } = await ask({
      path: '/api/v1/namespaces/default/services/kubernetes/proxy/',
      headers: { cookie: session.cookies },
    });
    expect(status).toBe(403);
  });
});

describe('D4: a name that was made to point here is not ours', () => {
  test.each(['rebind.attacker', 'rebind.attacker:8443', '127.0.0.1.attacker', '[::1', 'localhost:99999999'])(
    'Host %j',
    async (host) => {
      for (const path of ['/', '/auth/session', '/api'])
        expect([400, 421]).toContain((await ask({ path, headers: { host } })).status);
    },
  );

  test('localhost and addresses are', async () => {
    const { port } = new URL(dashboard.origin);
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect((await ask({ headers: { host } })).status).toBe(200);
  });
});

describe('the session', () => {
  test('is a cookie that scripts cannot read and other sites do not send; over HTTPS it is never sent without', async () => {
    const [plain = ''] = (await logIn(own())).headers['set-cookie'] ?? [];
    expect(plain).toMatch(/HttpOnly/);
    expect(plain).toMatch(/SameSite=Strict/);
    expect(plain).not.toMatch(/Secure/);
    const { host } = new URL(dashboard.origin);
    const [secure = ''] =
      (await logIn({ origin: `https://${host}` }, administrator.password, 'https')).headers['set-cookie'] ?? [];
    expect(secure).toMatch(/; Secure/);
  });

  test('of one listener does not open the other', async () => {
    const { cookies } = await signedIn();
    expect((await ask({ path: '/api', headers: { cookie: cookies }, over: 'https' })).status).toBe(401);
  });

  test('ends with the sign-out', async () => {
    const { cookies } = await signedIn();
    const headers = { cookie: cookies, ...own() };
    expect((await ask({ path: '/auth/logout', method: 'POST', headers })).status).toBe(204);
    expect((await ask({ path: '/api', headers })).status).toBe(401);
  });

  test('a name that nobody has takes as long to refuse as a wrong password', async () => {
    const time = async (name: string) => {
      const started = performance.now();
      await ask({
        path: '/auth/login',
        method: 'POST',
        headers: own(),
        body: { name, password: 'wrong-password', remember: false },
      });
      return performance.now() - started;
    };
    const known = await time(administrator.name);
    const unknown = await time('somebody');
    expect(unknown).toBeGreaterThan(known / 4);
  });
});

describe('first paint', () => {
  test('60: comes within 1.5 s', async () => {
    const page = await dashboard.open({});
    await page.goto('/overview');
    await page.locator('h1').first().waitFor();
    const paint = await page.evaluate(
      () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity,
    );
    process.stderr.write(`  60: first contentful paint after ${Math.round(paint)} ms\n`);
    expect(paint).toBeLessThan(1500);
    await page.context().close();
  });
});

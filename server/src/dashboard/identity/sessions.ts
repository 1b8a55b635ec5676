/** Who is signed in. A browser holds a token; we hold its hash, in memory and in a Secret, so that a restart signs nobody out. */
import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { Client } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import { isNotFound } from '@naru/api/status';
import { secretNamespace, secrets, type Account, type Secret } from './account.ts';

const sessionSecret = 'naru-dashboard-sessions';
const hour = 60 * 60_000;
/** From the last request on. */
export const lifetime = { short: 12 * hour, remembered: 30 * 24 * hour };
/** That a session was used is written down so much later at most. */
const writtenAfter = 5 * 60_000;
const mostSessions = 100;

/** The listener of this machine alone, or the one that others reach. */
export type Scheme = 'http' | 'https';

interface Kept {
  readonly accountUid: string;
  /**
   * Where it was opened, and is good. Browsers send a cookie to every port of a host, so an app with a node port on 127.0.0.1
   * may come to see it; from its pod it reaches only the other listener.
   */
  readonly over: Scheme;
  readonly remembered: boolean;
  seenAt: number;
}

interface Session extends Kept {
  writtenAt: number;
  /** What ends with the session: sockets. */
  readonly attached: Set<() => void>;
  cancelExpiry: () => void;
}

/** A session as one request sees it. */
export interface SignedIn {
  readonly id: string;
  readonly remembered: boolean;
  /** Must come back in a header with every write: a page of another origin cannot read it. */
  readonly csrf: string;
}

const idOf = (token: string) => createHash('sha256').update(token).digest('hex');
const csrfOf = (token: string) => createHmac('sha256', token).update('csrf').digest('base64url');
const isToken = (text: string) => /^[\w-]{43}$/.test(text);

export interface SessionsOptions {
  readonly client: Client;
  readonly clock: Clock;
  onError(error: unknown): void;
}

export class Sessions {
  readonly #options: SessionsOptions;
  readonly #secrets;
  readonly #sessions = new Map<string, Session>();
  /** Writes of the Secret, one after the other. */
  #writing: Promise<void> = Promise.resolve();

  constructor(options: SessionsOptions) {
    this.#options = options;
    this.#secrets = options.client.for<Secret>(secrets);
  }

  /** Reads those of an earlier run. */
  async load(): Promise<void> {
    try {
      const { data = {} } = await this.#secrets.get(sessionSecret, secretNamespace);
      for (const [id, text] of Object.entries(data)) {
        const kept = JSON.parse(Buffer.from(text, 'base64').toString()) as Kept;
        this.#add(id, kept, kept.seenAt);
      }
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }

  /** Signs in; returns the token for the cookie. */
  async open(account: Account, over: Scheme, remembered: boolean): Promise<{ token: string; signedIn: SignedIn }> {
    const token = randomBytes(32).toString('base64url');
    const now = this.#options.clock.now();
    const kept: Kept = { accountUid: account.uid, over, remembered, seenAt: now };
    const id = idOf(token);
    this.#add(id, kept, now);
    await this.#write(this.#removeExpired());
    await this.#write([id]);
    return { token, signedIn: { id, remembered, csrf: csrfOf(token) } };
  }

  /** The session that the token opens for the account; using it keeps it alive. */
  find(token: string | undefined, account: Account | undefined, over: Scheme): SignedIn | undefined {
    if (token === undefined || !account || !isToken(token)) return undefined;
    const id = idOf(token);
    const session = this.#sessions.get(id);
    if (!session || session.accountUid !== account.uid || session.over !== over) return undefined;
    if (this.#expiryOf(session) <= this.#options.clock.now()) return undefined;
    this.touch(id);
    return { id, remembered: session.remembered, csrf: csrfOf(token) };
  }

  /** The session was used. */
  touch(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    session.seenAt = this.#options.clock.now();
    if (session.seenAt - session.writtenAt < writtenAfter) return;
    session.writtenAt = session.seenAt;
    this.#write([id]).catch((error: unknown) => this.#options.onError(error));
  }

  /** Ends every session but the one kept, of whomever and wherever. */
  async closeOthers(kept: string | undefined): Promise<void> {
    const others = [...this.#sessions.keys()].filter((id) => id !== kept);
    for (const id of others) this.#end(id);
    await this.#write(others);
  }

  async close(id: string): Promise<void> {
    this.#end(id);
    await this.#write([id]);
  }

  /** Runs `end` when the session ends. Returns what takes that back. */
  attach(id: string, end: () => void): () => void {
    const session = this.#sessions.get(id);
    if (!session) {
      end();
      return () => {};
    }
    session.attached.add(end);
    if (session.attached.size === 1) this.#awaitExpiry(id, session);
    return () => {
      session.attached.delete(end);
      if (session.attached.size === 0) session.cancelExpiry();
    };
  }

  #add(id: string, kept: Kept, writtenAt: number): void {
    this.#sessions.set(id, { ...kept, writtenAt, attached: new Set(), cancelExpiry: () => {} });
  }

  #expiryOf({ seenAt, remembered }: Kept): number {
    return seenAt + (remembered ? lifetime.remembered : lifetime.short);
  }

  #awaitExpiry(id: string, session: Session): void {
    const { clock } = this.#options;
    // A timer cannot wait for 30 days at once.
    const wait = Math.min(Math.max(this.#expiryOf(session) - clock.now(), 0), 24 * hour);
    session.cancelExpiry = clock.after(wait, () => {
      if (this.#expiryOf(session) > clock.now()) this.#awaitExpiry(id, session);
      else this.#end(id);
    });
  }

  #end(id: string): void {
    const session = this.#sessions.get(id);
    if (!session) return;
    this.#sessions.delete(id);
    session.cancelExpiry();
    for (const end of session.attached) end();
  }

  /** Also the oldest, when there are too many. */
  #removeExpired(): string[] {
    const now = this.#options.clock.now();
    const byAge = [...this.#sessions].sort(([, a], [, b]) => b.seenAt - a.seenAt);
    const over = byAge.filter(([, session], index) => index >= mostSessions || this.#expiryOf(session) <= now);
    for (const [id] of over) this.#end(id);
    return over.map(([id]) => id);
  }

  #write(ids: readonly string[]): Promise<void> {
    if (ids.length === 0) return Promise.resolve();
    const next = this.#writing.catch(() => {}).then(() => this.#patch(ids));
    this.#writing = next;
    return next;
  }

  async #patch(ids: readonly string[]): Promise<void> {
    const data = Object.fromEntries(ids.map((id) => [id, this.#encoded(id)]));
    try {
      await this.#secrets.patch(sessionSecret, secretNamespace, { data }, { type: 'merge' });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      const present = Object.fromEntries(
        Object.entries(data).flatMap(([id, value]) => (value === null ? [] : [[id, value]])),
      );
      const metadata = { name: sessionSecret, namespace: secretNamespace };
      await this.#secrets.create({ metadata, type: 'naru.dev/sessions', data: present });
    }
  }

  /** Null takes it out. */
  #encoded(id: string): string | null {
    const session = this.#sessions.get(id);
    if (!session) return null;
    const { accountUid, over, remembered, seenAt } = session;
    const kept: Kept = { accountUid, over, remembered, seenAt };
    return Buffer.from(JSON.stringify(kept)).toString('base64');
  }
}

/** Whether the header holds the session's token, without telling by the time it takes. */
export function isCsrf({ csrf }: SignedIn, header: string | string[] | undefined): boolean {
  if (typeof header !== 'string') return false;
  const [given, expected] = [Buffer.from(header), Buffer.from(csrf)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

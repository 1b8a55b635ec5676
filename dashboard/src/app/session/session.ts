/** Who is signed in: restores, opens, renews and ends the session. */
import { Injectable, computed, signal } from '@angular/core';

export type SessionState = 'unreachable' | 'first-run' | 'signed-out' | 'signed-in';

interface SessionAnswer {
  readonly user: { readonly name: string };
  readonly csrf: string;
  readonly server: { readonly version: string };
}

/** Why a sign-in or the first run was refused, as the server's code and what fills its sentence. */
export class Refused extends Error {
  readonly code: string;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: string, params: Readonly<Record<string, string | number>>) {
    super(code);
    this.code = code;
    this.params = params;
  }
}

@Injectable({ providedIn: 'root' })
export class Session {
  readonly #answer = signal<SessionAnswer | undefined>(undefined);
  readonly #state = signal<SessionState>('signed-out');
  readonly #expired = signal(false);
  #waiting: (() => void)[] = [];

  readonly state = this.#state.asReadonly();
  /** Whether the session ended under an open page; a dialog asks for the password in place. */
  readonly expired = this.#expired.asReadonly();
  readonly userName = computed(() => this.#answer()?.user.name ?? '');
  readonly serverVersion = computed(() => this.#answer()?.server.version ?? '');
  readonly csrf = computed(() => this.#answer()?.csrf ?? '');

  async restore(): Promise<void> {
    try {
      const response = await fetch('/auth/session');
      if (response.ok) return this.#open((await response.json()) as SessionAnswer);
      if (response.status !== 401) return this.#state.set('unreachable');
      const { setup } = (await response.json()) as { setup?: boolean };
      this.#state.set(setup === true ? 'first-run' : 'signed-out');
    } catch {
      // No answer at all: the page says so and offers to try again.
      this.#state.set('unreachable');
    }
  }

  signIn(name: string, password: string, remember: boolean): Promise<void> {
    return this.#post('/auth/login', { name, password, remember });
  }

  firstRun(code: string, name: string, password: string): Promise<void> {
    return this.#post('/auth/setup', { code, name, password });
  }

  async signOut(): Promise<void> {
    await fetch('/auth/logout', { method: 'POST', headers: { 'x-naru-csrf': this.csrf() } });
    location.assign('/');
  }

  /** Every other session ends with it. Throws Refused. */
  async changePassword(current: string, password: string): Promise<void> {
    await this.#send('/auth/password', { current, password });
  }

  /** Also on the other devices. */
  async signOutEverywhere(): Promise<void> {
    await this.#send('/auth/logout-everywhere', {});
    location.assign('/');
  }

  /** Resolves when the user has given the password again. */
  signInAgain(): Promise<void> {
    this.#expired.set(true);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Whether the server still knows this session; marks it expired when it does not. */
  async check(): Promise<void> {
    const response = await fetch('/auth/session').catch(() => undefined);
    if (response?.status === 401 && this.#state() === 'signed-in') this.#expired.set(true);
    if (response?.ok) this.#open((await response.json()) as SessionAnswer);
  }

  async #post(path: string, body: unknown): Promise<void> {
    this.#open((await this.#send(path, body)) as SessionAnswer);
  }

  /** What the server answers; undefined for an answer without a body. */
  async #send(path: string, body: unknown): Promise<unknown> {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-naru-csrf': this.csrf() },
      body: JSON.stringify(body),
    }).catch(() => undefined);
    if (!response) throw new Refused('NoAnswer', {});
    const answer = (await response.json().catch(() => ({}))) as { code?: string; params?: Record<string, string> };
    if (!response.ok) throw new Refused(answer.code ?? 'Unknown', answer.params ?? {});
    return response.status === 204 ? undefined : answer;
  }

  #open(answer: SessionAnswer): void {
    this.#answer.set(answer);
    this.#state.set('signed-in');
    this.#expired.set(false);
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

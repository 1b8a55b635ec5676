/** Signing in and out, and making the administrator: what the few routes below /auth do, without HTTP. */
import type { Clock } from '@naru/api/clock';
import { isAlreadyExists } from '@naru/api/status';
import type { Accounts, Account } from './account.ts';
import type { FirstRunCode } from './first-run-code.ts';
import { isAccountName, isStrong, shortestPassword } from './password-rules.ts';
import { Refusal } from './refusal.ts';
import type { Scheme, Sessions, SignedIn } from './sessions.ts';
import type { Throttle } from './throttle.ts';

export interface SignInOptions {
  readonly accounts: Accounts;
  readonly sessions: Sessions;
  readonly code: FirstRunCode;
  readonly throttle: Throttle;
  readonly clock: Clock;
  /** Told of every wrong attempt. */
  onFailure(attempt: { account: string; address: string }): void;
}

/** Where a request comes from. */
export interface Caller {
  readonly address: string;
  readonly over: Scheme;
}

export interface Opened {
  readonly token: string;
  readonly signedIn: SignedIn;
  readonly account: Account;
}

/** Passwords that may wait for their turn: each takes a tenth of a second of a core. */
const mostWaiting = 20;
/** Attempts at the code count as those of an account that nobody can have. */
const setupAccount = ':setup';

export class SignIn {
  readonly #options: SignInOptions;
  #waiting = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SignInOptions) {
    this.#options = options;
  }

  /** Whether the first run is still to come; then the code can be found. */
  async needsSetup(): Promise<boolean> {
    const { accounts, code } = this.#options;
    if (await accounts.administrator()) return false;
    await code.ensure();
    return true;
  }

  async setUp(caller: Caller, given: { code: string; name: string; password: string }): Promise<Opened> {
    const { accounts, code } = this.#options;
    const name = given.name.normalize('NFC');
    if (!(await this.needsSetup())) throw new Refusal('AlreadySetUp');
    this.#assertMayTry(setupAccount, caller);
    if (!code.matches(given.code)) throw this.#failed(setupAccount, caller, 'WrongCode');
    if (!isAccountName(name)) throw new Refusal('BadName');
    if (!isStrong(given.password, name)) throw new Refusal('Weak', { min: shortestPassword });
    try {
      const account = await this.#inTurn(() => accounts.create(name, given.password));
      await code.spend();
      return await this.#open(account, caller, false);
    } catch (error) {
      throw isAlreadyExists(error) ? new Refusal('AlreadySetUp') : error;
    }
  }

  async logIn(caller: Caller, given: { name: string; password: string; remember: boolean }): Promise<Opened> {
    const { accounts, throttle } = this.#options;
    const name = given.name.normalize('NFC').slice(0, 100);
    this.#assertMayTry(name, caller);
    const account = await this.#inTurn(() => {
      this.#assertMayTry(name, caller);
      return accounts.verify(name, given.password);
    });
    if (!account) throw this.#failed(name, caller, 'WrongPassword');
    throttle.succeeded(name, caller.address);
    return this.#open(account, caller, given.remember);
  }

  /** Whoever knows the present password gives another; only the session that asks stays signed in. */
  async changePassword(
    { id }: SignedIn,
    account: Account,
    caller: Caller,
    given: { current: string; password: string },
  ): Promise<void> {
    const { accounts, sessions, throttle } = this.#options;
    const { name } = account;
    this.#assertMayTry(name, caller);
    const known = await this.#inTurn(() => accounts.verify(name, given.current));
    if (!known) throw this.#failed(name, caller, 'WrongPassword');
    throttle.succeeded(name, caller.address);
    if (!isStrong(given.password, name)) throw new Refusal('Weak', { min: shortestPassword });
    await this.#inTurn(() => accounts.changePassword(given.password));
    await sessions.closeOthers(id);
  }

  async #open(account: Account, { over }: Caller, remember: boolean): Promise<Opened> {
    return { ...(await this.#options.sessions.open(account, over, remember)), account };
  }

  #assertMayTry(account: string, { address }: Caller): void {
    const wait = this.#options.throttle.wait(account, address);
    if (wait > 0) throw new Refusal('Locked', { seconds: Math.ceil(wait / 1000) });
  }

  #failed(account: string, { address }: Caller, code: 'WrongCode' | 'WrongPassword'): Refusal {
    this.#options.throttle.failed(account, address);
    this.#options.onFailure({ account, address });
    return new Refusal(code);
  }

  /** One password at a time: their memory and time are not to be had from several sides at once. */
  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= mostWaiting) throw new Refusal('Locked', { seconds: 5 });
    this.#waiting++;
    const mine = this.#turn.then(work);
    this.#turn = mine.catch(() => {});
    try {
      return await mine;
    } finally {
      this.#waiting--;
    }
  }
}

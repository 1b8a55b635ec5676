/** An account of the dashboard as rules see it. */

export interface AccountView {
  readonly account: string;
  /** Wrong passwords within the last five minutes. */
  readonly count: number;
  /** Where the last of them came from. */
  readonly address: string;
}

/** Whoever counts them. */
export interface SignInWatch {
  of(account: string): AccountView;
  /** Calls `changed` with the account's name at each wrong password. */
  listen(changed: (account: string) => void): void;
}

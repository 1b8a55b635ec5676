/** Why signing in was refused: a code that the page has a sentence for. */

export type RefusalCode =
  | 'AlreadySetUp'
  | 'BadName'
  | 'BadRequest'
  | 'Locked'
  | 'NotFound'
  | 'NotSignedIn'
  | 'WrongCode'
  | 'WrongOrigin'
  | 'WrongPassword'
  | 'Weak';

const statusOf: Readonly<Record<RefusalCode, number>> = {
  AlreadySetUp: 409,
  BadName: 422,
  BadRequest: 400,
  Locked: 429,
  NotFound: 404,
  NotSignedIn: 401,
  WrongCode: 403,
  WrongOrigin: 403,
  WrongPassword: 403,
  Weak: 422,
};

export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly params: Readonly<Record<string, string | number>>;

  constructor(code: RefusalCode, params: Readonly<Record<string, string | number>> = {}) {
    super(code);
    this.name = 'Refusal';
    this.code = code;
    this.params = params;
  }

  get status(): number {
    return statusOf[this.code];
  }
}

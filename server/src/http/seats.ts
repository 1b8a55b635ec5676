/** How many writes may be under way at once, so that one who floods the server is told to wait and the others are not held up. */
// Like apiserver's priority and fairness, without its queues: a user has about as many seats as upstream gives one flow
// to wait in, and the system's own have none to wait for.
import { tooManyRequests } from '@naru/api/status';
import type { User } from '../authn/user.ts';

const mostOfAll = 600;
const mostOfUser = 300;
const exemptGroups = ['system:masters', 'system:nodes'];
const retryAfterSeconds = 1;

export class Seats {
  readonly #taken = new Map<string, number>();
  #all = 0;

  /** Holds a seat while `work` goes on. Throws 429 when the user, or everybody together, has too many. */
  async during<T>(user: User, work: () => Promise<T>): Promise<T> {
    const own = this.#taken.get(user.name) ?? 0;
    if ((own >= mostOfUser || this.#all >= mostOfAll) && !isExempt(user))
      throw tooManyRequests('Too many requests, please try again later.', retryAfterSeconds);
    this.#all += 1;
    this.#taken.set(user.name, own + 1);
    try {
      return await work();
    } finally {
      this.#all -= 1;
      this.#leave(user.name);
    }
  }

  #leave(name: string): void {
    const left = (this.#taken.get(name) ?? 0) - 1;
    if (left > 0) this.#taken.set(name, left);
    else this.#taken.delete(name);
  }
}

const isExempt = ({ groups }: User) => exemptGroups.some((group) => groups.includes(group));

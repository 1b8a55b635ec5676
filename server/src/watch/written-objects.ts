/** The latest objects written, as their writers had them, so that what was just encoded need not be parsed again. */
import type { AnyObject } from '@naru/api/object';

/** More than one batch of the store holds; whatever is not asked for by then is not asked for. */
const mostRemembered = 1_000;

export class WrittenObjects {
  readonly #objects = new Map<Buffer, AnyObject>();

  remember(value: Buffer, object: AnyObject): void {
    if (this.#objects.size >= mostRemembered) this.#objects.delete(this.#objects.keys().next().value!);
    this.#objects.set(value, object);
  }

  /** Undefined for bytes that nobody here has written lately. */
  take(value: Buffer): AnyObject | undefined {
    const object = this.#objects.get(value);
    this.#objects.delete(value);
    return object;
  }
}

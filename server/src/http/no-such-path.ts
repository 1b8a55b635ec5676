/** A path that leads nowhere, answered as plain text, as upstream's router does for groups it does not know. */
import { StatusError } from '@naru/api/status';

export class NoSuchPath extends StatusError {
  constructor() {
    super({ code: 404, reason: 'NotFound', message: '404 page not found' });
  }
}

/** Errors that upstream returns without dressing them as a Status: the server answers 500 with the bare message. */
import { StatusError } from '../status.ts';

export const plainError = (message: string): StatusError => new StatusError({ code: 500, message });

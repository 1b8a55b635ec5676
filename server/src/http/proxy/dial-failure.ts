/** Why a backend could not be reached, in the words that Go's net package has for it. */
import type { RequestOptions } from 'node:https';

const words: Record<string, string> = {
  ECONNREFUSED: 'connect: connection refused',
  EHOSTUNREACH: 'connect: no route to host',
  ENETUNREACH: 'connect: network is unreachable',
  ETIMEDOUT: 'connect: connection timed out',
};

/** `dial tcp 10.0.0.5:10250: connect: connection refused`; an error that has nothing to do with connecting as it is. */
export function dialFailure({ code = '', message }: NodeJS.ErrnoException, { host, port }: RequestOptions): string {
  const why = words[code];
  return why ? `dial tcp ${addressOf(host ?? '', port ?? '')}: ${why}` : message;
}

/** `[::1]:80` or `10.0.0.1:80`. */
export const addressOf = (host: string, port: number | string): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

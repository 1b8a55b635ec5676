/** The cookie that holds a session's token. */
import type { IncomingMessage } from 'node:http';

const name = 'naru-session';

/** Undefined when there is none. */
export function tokenOf({ headers }: IncomingMessage): string | undefined {
  for (const part of headers.cookie?.split(';') ?? []) {
    const equals = part.indexOf('=');
    if (part.slice(0, equals).trim() === name) return part.slice(equals + 1).trim();
  }
  return undefined;
}

export interface CookieOptions {
  readonly secure: boolean;
  /** Absent: the browser forgets it when it is closed. */
  readonly maxAgeSeconds?: number;
}

export const sessionCookie = (token: string, { secure, maxAgeSeconds }: CookieOptions): string =>
  [
    `${name}=${token}`,
    'Path=/',
    'HttpOnly',
    'SameSite=Strict',
    ...(secure ? ['Secure'] : []),
    ...(maxAgeSeconds === undefined ? [] : [`Max-Age=${maxAgeSeconds}`]),
  ].join('; ');

export const noSessionCookie = (secure: boolean): string => sessionCookie('', { secure, maxAgeSeconds: 0 });

/** The headers that tell a browser what the page may do. */
import type { ServerResponse } from 'node:http';

/** Styles and scripts of the page itself carry `nonce`; everything else comes from files. */
export const pagePolicy = (nonce: string): string =>
  [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');

/** For answers that are data: shown by themselves, they do nothing at all. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

export function setSecurityHeaders(response: ServerResponse, scheme: 'http' | 'https'): void {
  response.setHeader('Content-Security-Policy', dataPolicy);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('X-Frame-Options', 'DENY');
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', 'camera=(), geolocation=(), microphone=()');
  // The cluster's certificate is its own: a browser that was told to insist on it could never be let in again.
  if (scheme === 'https') response.setHeader('Strict-Transport-Security', 'max-age=0');
}

/** Under which names the dashboard answers, and which Origin its own pages have: what keeps a page of somebody else from speaking through a visitor's browser. */
import { X509Certificate } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';

const longestHost = 260;

/** The host name of a Host header, in lower case and without its port; undefined when it is none. */
export function hostNameOf(header: string | undefined): string | undefined {
  if (!header || header.length > longestHost) return undefined;
  const host = header.toLowerCase();
  if (host.startsWith('[')) {
    const end = host.indexOf(']');
    return isPort(host.slice(end + 1)) && isIP(host.slice(1, end)) === 6 ? host.slice(1, end) : undefined;
  }
  const colon = host.indexOf(':');
  const name = colon < 0 ? host : host.slice(0, colon);
  return name !== '' && isPort(colon < 0 ? '' : host.slice(colon)) ? name : undefined;
}

const isPort = (text: string) => text === '' || /^:[0-9]{1,5}$/.test(text);

/**
 * Whether a request may be meant for us. A name that an attacker controls can be made to point here (DNS rebinding), so only
 * names of this machine pass; an address cannot be rebound.
 */
export function isOwnHost(header: string | undefined, names: ReadonlySet<string>): boolean {
  const name = hostNameOf(header);
  return name !== undefined && (isIP(name) !== 0 || names.has(name));
}

/** Whether the request comes from a page that this listener served. */
export function isOwnOrigin({ headers }: IncomingMessage, scheme: 'http' | 'https'): boolean {
  return headers.origin !== undefined && headers.origin === `${scheme}://${headers.host?.toLowerCase()}`;
}

/** The names of this machine: what it calls itself, and what its certificate was made for. */
export function ownNames(hostName: string, certificate: Buffer | string): ReadonlySet<string> {
  const { subjectAltName = '' } = new X509Certificate(certificate);
  const certified = subjectAltName.split(', ').flatMap((entry) => (entry.startsWith('DNS:') ? [entry.slice(4)] : []));
  return new Set(['localhost', hostName, ...certified].map((name) => name.toLowerCase()));
}

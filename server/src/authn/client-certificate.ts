/** A client certificate signed by the cluster's authority: its common name is the user, its organizations the groups. */
// Like apiserver pkg/authentication/request/x509.
import type { TLSSocket } from 'node:tls';
import { unauthorized } from '@naru/api/status';
import type { Authenticator } from './authenticate.ts';
import { authenticated, type User } from './user.ts';

const none = Symbol('no certificate');

/** Connections are recognised once; what they were found to be holds until they end. */
export function clientCertificate(): Authenticator {
  const known = new WeakMap<object, User | typeof none>();
  return (request) => {
    const { socket } = request;
    const user = known.get(socket);
    if (user) return user === none ? undefined : user;
    const found = userOf(socket as TLSSocket);
    known.set(socket, found ?? none);
    return found;
  };
}

function userOf(socket: TLSSocket): User | undefined {
  const certificate = socket.getPeerCertificate?.();
  if (!certificate?.subject) return undefined;
  if (!socket.authorized) throw unauthorized();
  const { CN, O } = certificate.subject as { CN?: string | string[]; O?: string | string[] };
  const name = [CN].flat()[0];
  if (!name) throw unauthorized();
  return authenticated({ name, groups: [O ?? []].flat() });
}

/** Tokens of service accounts that are kept in secrets: without an end, believed while their secret holds them. */
// Like pkg/serviceaccount/legacy.go.
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { V1Secret } from '@kubernetes/client-node';
import { unauthorized } from '@naru/api/status';
import { SignJWT, jwtVerify } from 'jose';
import type { Reader } from '../admission/reader.ts';
import { fieldsOf } from '../kinds/fields.ts';
import type { User } from './user.ts';

const issuer = 'kubernetes/serviceaccount';
const algorithm = 'RS256';
const claim = (name: string) => `kubernetes.io/serviceaccount/${name}`;

export interface SecretTokenSubject {
  namespace: string;
  secret: string;
  account: { name: string; uid: string };
}

export class SecretTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #reader: Reader;

  constructor({ privateKey, publicKey, reader }: { privateKey: string; publicKey: string; reader: Reader }) {
    this.#privateKey = createPrivateKey(privateKey);
    this.#publicKey = createPublicKey(publicKey);
    this.#reader = reader;
  }

  issue({ namespace, secret, account }: SecretTokenSubject): Promise<string> {
    return new SignJWT({
      [claim('namespace')]: namespace,
      [claim('secret.name')]: secret,
      [claim('service-account.name')]: account.name,
      [claim('service-account.uid')]: account.uid,
    })
      .setProtectedHeader({ alg: algorithm })
      .setIssuer(issuer)
      .setSubject(`system:serviceaccount:${namespace}:${account.name}`)
      .sign(this.#privateKey);
  }

  /** Whether a token claims to be one of these; it is not believed yet. */
  recognises(token: string): boolean {
    const [, payload, signature] = token.split('.');
    if (!payload || !signature) return false;
    try {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { iss?: unknown } | null;
      return claims?.iss === issuer;
    } catch {
      return false;
    }
  }

  /** Throws 401 when the token is not ours, or its secret or account is gone or another. */
  async authenticate(token: string): Promise<User> {
    const claims = await this.#verify(token);
    const read = (name: string): string => String(claims[claim(name)] ?? '');
    const [namespace, name, uid] = [read('namespace'), read('service-account.name'), read('service-account.uid')];
    const account = this.#reader.find('serviceaccounts', namespace, name);
    const secret = this.#reader.find('secrets', namespace, read('secret.name'));
    if (account?.metadata.uid !== uid || account.metadata.deletionTimestamp) throw unauthorized();
    if (!secret || secret.metadata.deletionTimestamp) throw unauthorized();
    const kept = fieldsOf<V1Secret>(secret).data?.['token'] ?? '';
    if (Buffer.from(kept, 'base64').toString() !== token) throw unauthorized();
    return {
      name: `system:serviceaccount:${namespace}:${name}`,
      uid,
      groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
      extra: new Map(),
    };
  }

  async #verify(token: string): Promise<Record<string, unknown>> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, { algorithms: [algorithm], issuer });
      return payload;
    } catch {
      throw unauthorized();
    }
  }
}

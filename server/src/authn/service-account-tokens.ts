/** Tokens of service accounts: signed when asked for, believed while what they name still exists. */
// Like pkg/serviceaccount: jwt.go, claims.go.
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { Clock } from '@naru/api/clock';
import { unauthorized } from '@naru/api/status';
import { SignJWT, exportJWK, jwtVerify, type JWK, type JWTPayload } from 'jose';
import type { Reader } from '../admission/reader.ts';
import type { User } from './user.ts';

/** An object that a token names; the token ends with it. */
export interface Named {
  readonly name: string;
  readonly uid: string;
}

export interface TokenSubject {
  readonly namespace: string;
  readonly serviceAccount: Named;
  readonly pod?: Named;
  readonly secret?: Named;
  readonly node?: Named;
}

interface Claims extends JWTPayload {
  'kubernetes.io'?: { namespace?: string; serviceaccount?: Named; pod?: Named; secret?: Named; node?: Named };
}

const algorithm = 'RS256';
/** Deleted objects still have their grace period; their tokens a little more. */
const graceAfterDeletion = 60_000;

export interface ServiceAccountTokensOptions {
  readonly issuer: string;
  readonly privateKey: string;
  readonly publicKey: string;
  readonly clock: Clock;
  readonly reader: Reader;
  readonly uuid: () => string;
}

export class ServiceAccountTokens {
  readonly issuer: string;
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;
  readonly #clock: Clock;
  readonly #reader: Reader;
  readonly #uuid: () => string;

  constructor({ issuer, privateKey, publicKey, clock, reader, uuid }: ServiceAccountTokensOptions) {
    this.issuer = issuer;
    this.#privateKey = createPrivateKey(privateKey);
    this.#publicKey = createPublicKey(publicKey);
    this.#keyId = createHash('sha256')
      .update(this.#publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64url');
    this.#clock = clock;
    this.#reader = reader;
    this.#uuid = uuid;
  }

  /** `seconds` from now the token ends. */
  async issue(
    subject: TokenSubject,
    audiences: readonly string[],
    seconds: number,
  ): Promise<{ token: string; expires: number }> {
    const { namespace, serviceAccount, pod, secret, node } = subject;
    const now = Math.floor(this.#clock.now() / 1000);
    const token = await new SignJWT({
      'kubernetes.io': {
        namespace,
        ...(node && { node }),
        ...(pod && { pod }),
        ...(secret && { secret }),
        serviceaccount: serviceAccount,
      },
    })
      .setProtectedHeader({ alg: algorithm, kid: this.#keyId })
      .setIssuer(this.issuer)
      .setSubject(`system:serviceaccount:${namespace}:${serviceAccount.name}`)
      .setAudience([...audiences])
      .setJti(this.#uuid())
      .setIssuedAt(now)
      .setNotBefore(now)
      .setExpirationTime(now + seconds)
      .sign(this.#privateKey);
    return { token, expires: (now + seconds) * 1000 };
  }

  /** Whether a token claims to be one of these; it is not believed yet. */
  recognises(token: string): boolean {
    const [, payload] = token.split('.');
    if (!payload || token.split('.').length !== 3) return false;
    try {
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as unknown;
      return claims !== null && typeof claims === 'object' && (claims as Claims).iss === this.issuer;
    } catch {
      return false;
    }
  }

  /** Throws 401 when the token is not ours, has ended, is for others, or names what is gone. */
  async authenticate(token: string, audiences: readonly string[] = [this.issuer]): Promise<User> {
    const claims = await this.#verify(token, audiences);
    const { namespace, serviceaccount, pod, secret, node } = claims['kubernetes.io'] ?? {};
    if (!namespace || !serviceaccount) throw unauthorized();
    this.#assertThere('serviceaccounts', namespace, serviceaccount);
    if (pod) this.#assertThere('pods', namespace, pod);
    if (secret) this.#assertThere('secrets', namespace, secret);
    if (node && !pod) this.#assertThere('minions', '', node);
    return userOf(namespace, serviceaccount, claims);
  }

  /** Whom a token says it is for; it need not be valid. */
  audiencesOf(token: string): string[] {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Claims;
    return [claims.aud ?? []].flat();
  }

  /** What others need to check the tokens. */
  async publicJwk(): Promise<JWK> {
    return { ...(await exportJWK(this.#publicKey)), use: 'sig', alg: algorithm, kid: this.#keyId };
  }

  async #verify(token: string, audiences: readonly string[]): Promise<Claims> {
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        algorithms: [algorithm],
        issuer: this.issuer,
        audience: [...audiences],
        currentDate: new Date(this.#clock.now()),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch {
      throw unauthorized();
    }
  }

  #assertThere(storagePrefix: string, namespace: string, { name, uid }: Named): void {
    const object = this.#reader.find(storagePrefix, namespace, name);
    if (!object || object.metadata.uid !== uid) throw unauthorized();
    const { deletionTimestamp } = object.metadata;
    if (deletionTimestamp && this.#clock.now() > Date.parse(deletionTimestamp) + graceAfterDeletion)
      throw unauthorized();
  }
}

function userOf(namespace: string, { name, uid }: Named, claims: Claims): User {
  const { pod, node } = claims['kubernetes.io'] ?? {};
  const extra = new Map<string, readonly string[]>();
  const say = (key: string, value: string | undefined) =>
    value && extra.set(`authentication.kubernetes.io/${key}`, [value]);
  say('credential-id', claims.jti && `JTI=${claims.jti}`);
  say('node-name', node?.name);
  say('node-uid', node?.uid);
  say('pod-name', pod?.name);
  say('pod-uid', pod?.uid);
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
    extra,
  };
}

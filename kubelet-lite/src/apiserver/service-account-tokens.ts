/** Tokens by which pods speak to the API: asked for once, renewed when four fifths of their life are over. */
// Like pkg/kubelet/token.
import type { Client, ResourceRef } from '@naru/api/client/client';
import type { Clock } from '@naru/api/clock';
import { uidOf, type Pod } from '../pods/pod.ts';
import { tokenKey, type Token, type TokenSource } from '../volumes/projected-files.ts';

const serviceAccounts: ResourceRef = {
  group: '',
  version: 'v1',
  kind: 'ServiceAccount',
  plural: 'serviceaccounts',
  scope: 'Namespaced',
};

const renewedAfter = 0.8;
/** However long it lives, a token is not used longer than this. */
const oldest = 24 * 3600_000;

interface Known {
  token: string;
  renewAt: number;
  expiresAt: number;
}

export class ServiceAccountTokens implements TokenSource {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #tokens = new Map<string, Known>();
  readonly #byPod = new Map<string, Set<string>>();

  constructor(client: Client, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** Throws when the API refuses a token and the pod has none that still holds. */
  async token(pod: Pod, request: { audience?: string; expirationSeconds: number }): Promise<Token> {
    const key = tokenKey(pod, request.audience, request.expirationSeconds);
    const known = this.#tokens.get(key);
    const now = this.#clock.now();
    if (known && now < known.renewAt) return known;
    try {
      const fresh = await this.#ask(pod, request);
      this.#tokens.set(key, fresh);
      const keys = this.#byPod.get(uidOf(pod)) ?? new Set();
      this.#byPod.set(uidOf(pod), keys.add(key));
      return fresh;
    } catch (error) {
      if (!known || now >= known.expiresAt) throw error;
      return { token: known.token, renewAt: now + 10_000 };
    }
  }

  forget(uid: string): void {
    for (const key of this.#byPod.get(uid) ?? []) this.#tokens.delete(key);
    this.#byPod.delete(uid);
  }

  async #ask(pod: Pod, request: { audience?: string; expirationSeconds: number }): Promise<Known> {
    const { namespace, name } = pod.metadata;
    const begin = this.#clock.now();
    const answer = await this.#client
      .for(serviceAccounts)
      .createSubresource(pod.spec.serviceAccountName || 'default', namespace, 'token', {
        apiVersion: 'authentication.k8s.io/v1',
        kind: 'TokenRequest',
        spec: {
          audiences: request.audience ? [request.audience] : [],
          expirationSeconds: request.expirationSeconds,
          boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name, uid: uidOf(pod) },
        },
      });
    const { token = '', expirationTimestamp = '' } = (answer['status'] ?? {}) as Record<string, string | undefined>;
    const expiresAt = Date.parse(expirationTimestamp);
    if (!token || Number.isNaN(expiresAt)) throw new Error('the API answered a token request without a token');
    const renewAt = begin + Math.min((expiresAt - begin) * renewedAfter, oldest);
    return { token, renewAt, expiresAt };
  }
}

/** The one administrator, kept as a Secret of kube-system. */
import type { Client, ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { hashPassword, isPassword } from './password-hash.ts';

export interface Secret extends KubeObject {
  type?: string;
  data?: Record<string, string>;
}

export const secrets: ResourceRef = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  scope: 'Namespaced',
};
export const secretNamespace = 'kube-system';
const accountSecret = 'naru-administrator';

export interface Account {
  readonly name: string;
  /** Changes with the account, so that nobody stays signed in to one that was made anew. */
  readonly uid: string;
  readonly passwordHash: string;
}

const encode = (text: string) => Buffer.from(text).toString('base64');
const decode = (text = '') => Buffer.from(text, 'base64').toString();

export class Accounts {
  readonly #secrets;

  constructor(client: Client) {
    this.#secrets = client.for<Secret>(secrets);
  }

  /** Undefined before the first run. Answered from memory. */
  async administrator(): Promise<Account | undefined> {
    try {
      const { metadata, data = {} } = await this.#secrets.get(accountSecret, secretNamespace);
      return { name: decode(data['name']), uid: metadata.uid ?? '', passwordHash: decode(data['password']) };
    } catch (error) {
      if (isNotFound(error)) return undefined;
      throw error;
    }
  }

  /** Throws AlreadyExists when there is one. */
  async create(name: string, password: string): Promise<Account> {
    const passwordHash = await hashPassword(password);
    const { metadata } = await this.#secrets.create({
      metadata: { name: accountSecret, namespace: secretNamespace },
      type: 'naru.dev/account',
      data: { name: encode(name), password: encode(passwordHash) },
    });
    return { name, uid: metadata.uid ?? '', passwordHash };
  }

  /** The account stays the same one: who is signed in to it is not touched. */
  async changePassword(password: string): Promise<void> {
    const data = { password: encode(await hashPassword(password)) };
    await this.#secrets.patch(accountSecret, secretNamespace, { data }, { type: 'merge' });
  }

  /** The account of this name, if the password is right; takes as long when there is none. */
  async verify(name: string, password: string): Promise<Account | undefined> {
    const account = await this.administrator();
    const known = account?.name === name ? account : undefined;
    return (await isPassword(password, known?.passwordHash)) ? known : undefined;
  }
}

/** A NotificationChannel as its readers know it, and what is needed to send over it. */
import type { Client, ResourceRef } from '@naru/api/client/client';
import type { KubeObject } from '@naru/api/object';
import { isNotFound } from '@naru/api/status';
import { clusterNamespace } from '../alert.ts';
import type { Severity } from '../rule.ts';

export const notificationChannels: ResourceRef = Object.freeze({
  group: 'naru.dev',
  version: 'v1',
  kind: 'NotificationChannel',
  plural: 'notificationchannels',
  scope: 'Cluster',
});

/** Set by somebody who wants a test message; any new value asks again. */
const testRequested = 'naru.dev/test-requested-at';

/** How a receiver reads a message. */
export type Form = 'generic' | 'slack' | 'discord';

interface SecretKey {
  namespace?: string;
  name: string;
  key: string;
}

export interface NotificationChannel extends KubeObject {
  spec: {
    url?: string;
    urlFrom?: SecretKey;
    authorizationFrom?: SecretKey;
    form?: Form;
    language?: 'en' | 'ko';
    /** Never info: what is merely worth knowing is not told outside. */
    minimumSeverity?: Exclude<Severity, 'info'>;
    namespaces?: string[];
    paused?: boolean;
  };
  status?: {
    deliveredAt?: string;
    failedAt?: string;
    error?: string;
    test?: { requestedAt: string; at?: string; error?: string };
  };
}

/** Where messages go, with what Secrets hold. */
export interface Destination {
  readonly url: string;
  readonly authorization?: string;
  readonly form: Form;
  readonly language: 'en' | 'ko';
}

export const channelName = ({ metadata }: NotificationChannel): string => metadata.name ?? '';

/** The value of a test request that was not answered yet. */
export function pendingTest({ metadata, status }: NotificationChannel): string | undefined {
  const { annotations = {} } = metadata;
  const asked = Object.hasOwn(annotations, testRequested) ? annotations[testRequested] : undefined;
  return asked && asked !== status?.test?.requestedAt ? asked : undefined;
}

/** Whether the channel is told of what happens in the namespace. */
export const concerns = ({ spec }: NotificationChannel, namespace: string): boolean =>
  !spec.namespaces?.length || spec.namespaces.includes(namespace);

/** Throws an Error that says which Secret lacks what. */
export async function destinationOf({ spec }: NotificationChannel, client: Client): Promise<Destination> {
  const url = spec.urlFrom ? await secretValue(spec.urlFrom, client) : (spec.url ?? '');
  const authorization = spec.authorizationFrom && (await secretValue(spec.authorizationFrom, client));
  return {
    url,
    ...(authorization && { authorization }),
    form: spec.form ?? formOf(url),
    language: spec.language ?? 'en',
  };
}

/** As the address tells. */
export function formOf(url: string): Form {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  if (host === 'hooks.slack.com') return 'slack';
  return host === 'discord.com' || host === 'discordapp.com' ? 'discord' : 'generic';
}

interface Secret extends KubeObject {
  data?: Record<string, string>;
}

const secrets: ResourceRef = { group: '', version: 'v1', kind: 'Secret', plural: 'secrets', scope: 'Namespaced' };

async function secretValue({ namespace = clusterNamespace, name, key }: SecretKey, client: Client): Promise<string> {
  const { data = {} } = await client
    .for<Secret>(secrets)
    .get(name, namespace)
    .catch((error: unknown) => {
      if (isNotFound(error)) throw new Error(`the Secret ${namespace}/${name} does not exist`, { cause: error });
      throw error;
    });
  const value = Object.hasOwn(data, key)
    ? Buffer.from(data[key] ?? '', 'base64')
        .toString()
        .trim()
    : '';
  if (value === '') throw new Error(`the Secret ${namespace}/${name} has no entry ${key}`);
  return value;
}
